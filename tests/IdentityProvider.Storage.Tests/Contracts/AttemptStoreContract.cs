using IdentityProvider.Protocol.Attempts;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class AttemptStoreContract
{
    private static readonly AttemptLimit Limit = new("test", Most: 5, TimeSpan.FromMinutes(10));

    /// <summary>Of the first node.</summary>
    protected abstract IAttemptStore Attempts { get; }

    /// <summary>Of another node.</summary>
    protected abstract IAttemptStore AttemptsOfOther { get; }

    protected abstract DateTimeOffset Now { get; }

    /// <summary>Of a node that starts only now; disposed of by whoever made it.</summary>
    protected abstract Task<IAttemptStore> StartNodeAsync();

    [ContractFact]
    public async Task Of_sixteen_at_once_as_many_are_let_in_as_there_are_attempts()
    {
        var counter = Limit.CounterOf(Guid.NewGuid().ToString(), Now);

        var outcomes = await Race.RunAsync(number => CountAsync(number % 2 == 0 ? Attempts : AttemptsOfOther, counter));

        Assert.Equal(Limit.Most, outcomes.Count(let => let));
        Assert.False(await CountAsync(Attempts, counter));
    }

    [ContractFact]
    public async Task Counters_hold_when_a_node_starts_anew()
    {
        var counter = Limit.CounterOf(Guid.NewGuid().ToString(), Now);
        for (var i = 0; i < Limit.Most; i++)
        {
            await CountAsync(Attempts, counter);
        }

        Assert.False(await CountAsync(await StartNodeAsync(), counter));
    }

    [ContractFact]
    public async Task What_is_taken_back_can_be_used_again_and_never_more_than_that()
    {
        var (one, other) = (Limit.CounterOf(Guid.NewGuid().ToString(), Now), Limit.CounterOf(Guid.NewGuid().ToString(), Now));
        CountedAttempt? counted = null;
        for (var i = 0; i < Limit.Most; i++)
        {
            counted = await Attempts.TryCountAsync(one, default);
            Assert.NotNull(counted);
        }

        await Attempts.TakeBackAsync([counted!, counted! with { Key = other.Key }], default);
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

    private static async Task<bool> CountAsync(IAttemptStore attempts, AttemptCounter counter) =>
        await attempts.TryCountAsync(counter, default) is not null;
}

public abstract class DatabaseAttemptStoreContract(TestDatabase database) : AttemptStoreContract
{
    protected override IAttemptStore Attempts => database.Main.Get<IAttemptStore>();

    protected override IAttemptStore AttemptsOfOther => database.Other.Get<IAttemptStore>();

    protected override DateTimeOffset Now => database.Clock.Now;

    protected override Task<IAttemptStore> StartNodeAsync() => Task.FromResult(database.Start().Get<IAttemptStore>());
}

public sealed class SqliteAttemptStoreTests(SqliteTestDatabase database)
    : DatabaseAttemptStoreContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlAttemptStoreTests(PostgreSqlTestDatabase database)
    : DatabaseAttemptStoreContract(database), IClassFixture<PostgreSqlTestDatabase>;

public sealed class RedisAttemptStoreTests(RedisTestNodes nodes) : AttemptStoreContract, IClassFixture<RedisTestNodes>
{
    protected override IAttemptStore Attempts => nodes.Main;

    protected override IAttemptStore AttemptsOfOther => nodes.Other;

    protected override DateTimeOffset Now => nodes.Clock.Now;

    protected override Task<IAttemptStore> StartNodeAsync() => nodes.StartAsync();
}
