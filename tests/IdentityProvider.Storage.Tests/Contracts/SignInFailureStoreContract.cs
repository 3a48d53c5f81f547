using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SignIn;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class SignInFailureStoreContract(TestDatabase database)
{
    private static readonly PauseRule Rule = new(After: 3, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5));

    private ISignInFailureStore Failures => database.Main.Get<ISignInFailureStore>();

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    public async Task Each_failure_counts_and_pauses_get_twice_as_long_up_to_the_longest()
    {
        var id = await database.AddAccountAsync();
        var pauses = new List<double?>();

        for (var i = 0; i < 7; i++)
        {
            await Failures.CountAsync(id, Rule, Samples.Record(database), default);
            pauses.Add(((await ReadAsync(id)).LockoutEnd - Now)?.TotalMinutes);
        }

        Assert.Equal([null, null, 1, 2, 4, 5, 5], pauses);
        Assert.Equal(7, (await ReadAsync(id)).AccessFailedCount);
    }

    [ContractFact]
    public async Task A_pause_is_never_shortened()
    {
        var id = await database.AddAccountAsync(account => (account.AccessFailedCount, account.LockoutEnd) = (2, Now.AddDays(2)));

        await Failures.CountAsync(id, Rule, Samples.Record(database), default);

        Assert.Equal(Now.AddDays(2), (await ReadAsync(id)).LockoutEnd);
    }

    [ContractFact]
    public async Task Thousands_of_failures_do_not_overflow()
    {
        var id = await database.AddAccountAsync(account => account.AccessFailedCount = 5000);

        await Failures.CountAsync(id, Rule, Samples.Record(database), default);

        Assert.Equal(Now + Rule.Longest, (await ReadAsync(id)).LockoutEnd);
    }

    [ContractFact]
    public async Task Sixteen_failures_at_once_are_sixteen()
    {
        var id = await database.AddAccountAsync();
        var other = database.Other.Get<ISignInFailureStore>();

        await Race.RunAsync(async number =>
        {
            await (number % 2 == 0 ? Failures : other).CountAsync(id, Rule, Samples.Record(database), default);
            return number;
        });

        Assert.Equal(Race.Callers, (await ReadAsync(id)).AccessFailedCount);
    }

    [ContractFact]
    public async Task Of_sixteen_failures_at_once_each_is_written_down_and_one_begins_the_pause_and_is_told()
    {
        var (id, name) = (await database.AddAccountAsync(), Guid.NewGuid().ToString("N"));
        var other = database.Other.Get<ISignInFailureStore>();

        await Race.RunAsync(async number =>
        {
            await (number % 2 == 0 ? Failures : other).CountAsync(id, Rule, Samples.Record(database, name), default);
            return number;
        });
        await Failures.CountAsync("-", Rule with { After = 0 }, Samples.Record(database, name), default);

        Assert.Equal(Race.Callers + 1, await database.CountAsync("audit_events", $"type = '{name}'"));
        Assert.Equal(1, await database.CountAsync("outbox", $"payload = '{name}'"));
    }

    [ContractFact]
    public async Task Nobody_is_counted_for_an_account_that_does_not_exist()
    {
        var id = await database.AddAccountAsync();

        await Failures.CountAsync("-", Rule, Samples.Record(database), default);

        Assert.Equal((0, null), ((await ReadAsync(id)).AccessFailedCount, (await ReadAsync(id)).LockoutEnd));
    }

    [ContractFact]
    public async Task A_sign_in_sets_the_count_back()
    {
        var id = await database.AddAccountAsync(account => (account.AccessFailedCount, account.LockoutEnd) = (12, Now.AddMinutes(-1)));

        await database.Main.Get<IAccountStateStore>().RecordSignInAsync(id, Now, default);
        await database.Main.Get<IAccountStateStore>().RecordSignInAsync(id, Now.AddHours(-1), default);

        var account = await ReadAsync(id);
        Assert.Equal((0, null, Now), (account.AccessFailedCount, account.LockoutEnd, account.LastSignInAt));
    }

    private async Task<Account> ReadAsync(string id)
    {
        await using var context = await database.Main.Get<IDbContextFactory<IdentityProviderDbContext>>().CreateDbContextAsync();
        return await context.Set<Account>().AsNoTracking().SingleAsync(account => account.Id == id);
    }
}

public sealed class SqliteSignInFailureStoreTests(SqliteTestDatabase database)
    : SignInFailureStoreContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlSignInFailureStoreTests(PostgreSqlTestDatabase database)
    : SignInFailureStoreContract(database), IClassFixture<PostgreSqlTestDatabase>;
