using IdentityProvider.Protocol.Attempts;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class AttemptStoreContract(TestDatabase database)
{
    private static readonly AttemptLimit Limit = new("test", Most: 5, TimeSpan.FromMinutes(10));

    private IAttemptStore Attempts => database.Main.Get<IAttemptStore>();

    private IAttemptStore AttemptsOfOther => database.Other.Get<IAttemptStore>();

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    public async Task Of_sixteen_at_once_as_many_are_let_in_as_there_are_attempts()
    {
        var key = Limit.KeyOf(Guid.NewGuid().ToString(), Now);

        var outcomes = await Race.RunAsync(number => CountAsync(number % 2 == 0 ? Attempts : AttemptsOfOther, key));

        Assert.Equal(Limit.Most, outcomes.Count(let => let));
        Assert.False(await CountAsync(Attempts, key));
    }

    [ContractFact]
    public async Task Counters_hold_when_a_node_starts_anew()
    {
        var key = Limit.KeyOf(Guid.NewGuid().ToString(), Now);
        for (var i = 0; i < Limit.Most; i++)
        {
            await CountAsync(Attempts, key);
        }

        await using var node = database.Start();

        Assert.False(await CountAsync(node.Get<IAttemptStore>(), key));
    }

    [ContractFact]
    public async Task What_is_taken_back_can_be_used_again_and_never_more_than_that()
    {
        var (one, other) = (Limit.KeyOf(Guid.NewGuid().ToString(), Now), Limit.KeyOf(Guid.NewGuid().ToString(), Now));
        for (var i = 0; i < Limit.Most; i++)
        {
            Assert.True(await CountAsync(Attempts, one));
        }

        await Attempts.TakeBackAsync([one, other], default);
        Assert.True(await CountAsync(Attempts, one));
        Assert.False(await CountAsync(Attempts, one));
        for (var i = 0; i < Limit.Most; i++)
        {
            Assert.True(await CountAsync(Attempts, other)); // nothing below none
        }

        Assert.False(await CountAsync(Attempts, other));
    }

    [ContractFact]
    public void Values_limits_and_windows_have_counters_of_their_own()
    {
        var key = Convert.ToHexString(Limit.KeyOf("alice", Now).Span);

        Assert.Equal(key, Convert.ToHexString(Limit.KeyOf("alice", Limit.EndOf(Now).AddTicks(-1)).Span));
        Assert.NotEqual(key, Convert.ToHexString(Limit.KeyOf("alice", Limit.EndOf(Now)).Span));
        Assert.NotEqual(key, Convert.ToHexString(Limit.KeyOf("bob", Now).Span));
        Assert.NotEqual(key, Convert.ToHexString((Limit with { Name = "other" }).KeyOf("alice", Now).Span));
    }

    private Task<bool> CountAsync(IAttemptStore attempts, ReadOnlyMemory<byte> key) =>
        attempts.TryCountAsync(key, Limit.Most, Limit.EndOf(Now), default);
}

public sealed class SqliteAttemptStoreTests(SqliteTestDatabase database)
    : AttemptStoreContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlAttemptStoreTests(PostgreSqlTestDatabase database)
    : AttemptStoreContract(database), IClassFixture<PostgreSqlTestDatabase>;
