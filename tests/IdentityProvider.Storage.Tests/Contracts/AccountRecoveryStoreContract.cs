using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Recovery;
using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class AccountRecoveryStoreContract(TestDatabase database)
{
    private IAccountRecoveryStore Store => database.Main.Get<IAccountRecoveryStore>();

    private IAccountRecoveryStore StoreOfOther => database.Other.Get<IAccountRecoveryStore>();

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    public async Task Of_sixteen_resets_at_once_one_sets_its_password_and_ends_the_sessions()
    {
        var account = await AddAsync();
        var session = await database.AddSessionAsync(account.Id);

        var done = await Race.RunAsync(number =>
            (number % 2 == 0 ? Store : StoreOfOther).TrySetPasswordAsync(account, $"hash {number}", Account.NewStamp(), provesEmail: true, Samples.Record(database), default));

        Assert.Equal(1, done.Count(won => won));
        var changed = await ReadAsync(account.Id);
        Assert.Equal($"hash {Array.IndexOf(done, true)}", changed.PasswordHash);
        Assert.True(changed.EmailConfirmed);
        Assert.NotEqual(account.SecurityStamp, changed.SecurityStamp);
        Assert.NotNull((await database.Main.Get<ISessionStore>().FindAsync(session.Id, default))!.Session.EndedAt);
    }

    [ContractFact]
    public async Task A_reset_of_an_account_that_has_changed_since_changes_nothing()
    {
        var account = await AddAsync();
        Assert.True(await Store.TryChangeEmailAsync(account, "x" + account.Email, "X" + account.NormalizedEmail, Samples.Record(database), default));

        Assert.False(await Store.TrySetPasswordAsync(account, "hash", Account.NewStamp(), provesEmail: true, Samples.Record(database), default));
        Assert.Null((await ReadAsync(account.Id)).PasswordHash);
    }

    [ContractFact]
    public async Task Of_sixteen_confirmations_at_once_one_counts()
    {
        var account = await AddAsync();

        var done = await Race.RunAsync(number => (number % 2 == 0 ? Store : StoreOfOther).TryConfirmEmailAsync(account, Samples.Record(database), default));

        Assert.Equal(1, done.Count(won => won));
        Assert.True((await ReadAsync(account.Id)).EmailConfirmed);
    }

    [ContractFact]
    public async Task Of_sixteen_accounts_that_want_one_address_one_gets_it_and_its_name_goes_with_it()
    {
        var accounts = new List<Account>();
        for (var number = 0; number < 16; number++)
        {
            accounts.Add(await AddAsync());
        }

        var email = $"wanted-{Guid.NewGuid():N}@example.com";

        var done = await Race.RunAsync(number =>
            (number % 2 == 0 ? Store : StoreOfOther).TryChangeEmailAsync(accounts[number], email, email.ToUpperInvariant(), Samples.Record(database), default));

        Assert.Equal(1, done.Count(won => won));
        var winner = await ReadAsync(accounts[Array.IndexOf(done, true)].Id);
        Assert.Equal((email, email, true), (winner.Email, winner.UserName, winner.EmailConfirmed));
    }

    [ContractFact]
    public async Task A_pause_is_ended_once_and_only_as_it_was_when_the_link_was_made()
    {
        var account = await AddAsync();
        var rule = new Accounts.SignIn.PauseRule(1, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));
        await database.Main.Get<Accounts.SignIn.ISignInFailureStore>().CountAsync(account.Id, rule, Samples.Record(database), default);
        var pausing = await ReadAsync(account.Id);
        Assert.False(await Store.TryEndPauseAsync(account, Samples.Record(database), default));

        var done = await Race.RunAsync(number => (number % 2 == 0 ? Store : StoreOfOther).TryEndPauseAsync(pausing, Samples.Record(database), default));

        Assert.Equal(1, done.Count(won => won));
        Assert.Equal((0, null), ((await ReadAsync(account.Id)).AccessFailedCount, (await ReadAsync(account.Id)).LockoutEnd));
    }

    private async Task<Account> AddAsync()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var id = await database.AddAccountAsync(account =>
        {
            (account.UserName, account.Email, account.SecurityStamp) = (email, email, "stamp");
            (account.NormalizedUserName, account.NormalizedEmail) = (email.ToUpperInvariant(), email.ToUpperInvariant());
        });
        return await ReadAsync(id);
    }

    private Task<Account> ReadAsync(string id) => database.ReadAccountAsync(id);
}

public sealed class SqliteAccountRecoveryStoreTests(SqliteTestDatabase database)
    : AccountRecoveryStoreContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlAccountRecoveryStoreTests(PostgreSqlTestDatabase database)
    : AccountRecoveryStoreContract(database), IClassFixture<PostgreSqlTestDatabase>;
