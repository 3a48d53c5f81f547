using IdentityProvider.Accounts.SignUp;
using IdentityProvider.Accounts.Upstream;

namespace IdentityProvider.Storage.Tests.Contracts;

/// <summary>An account begins once, with all that comes with it.</summary>
public abstract class AccountCreationStoreContract(TestDatabase database)
{
    private ILinkedIdentityStore Links => database.Main.Get<ILinkedIdentityStore>();

    [ContractFact]
    public async Task An_account_is_stored_as_it_was_made()
    {
        var account = Samples.NewAccount(database, "Person@Example.com");
        account.EmailConfirmed = true;
        account.PasswordHash = "hash";
        account.LastSignInAt = database.Clock.Now;
        account.Claims = """{"name": "Ann"}""";

        Assert.True(await TryCreateAsync(0, new NewAccount(account)));

        var stored = await database.ReadAccountAsync(account.Id);
        Assert.Equivalent(account, stored, strict: true);
    }

    [ContractFact]
    public async Task Of_sixteen_with_one_name_one_makes_the_account()
    {
        var name = Guid.NewGuid().ToString("N");

        var done = await Race.RunAsync(number => TryCreateAsync(number, new NewAccount(Samples.NewAccount(database, name: name)), "race " + name));

        Assert.Single(done, true);
        Assert.Equal(1, await database.CountAsync("audit_events", $"type = 'race {name}'"));
    }

    [ContractFact]
    public async Task Of_sixteen_with_one_address_one_makes_the_account()
    {
        var email = $"{Guid.NewGuid():N}@example.com";

        var done = await Race.RunAsync(number => TryCreateAsync(number, new NewAccount(Samples.NewAccount(database, email, Guid.NewGuid().ToString("N")))));

        Assert.Single(done, true);
    }

    [ContractFact]
    public async Task Of_sixteen_first_sign_ins_one_makes_the_account()
    {
        var identity = NewIdentity();
        var accounts = Enumerable.Range(0, Race.Callers).Select(_ => Samples.NewAccount(database)).ToList();

        var done = await Race.RunAsync(number => TryCreateAsync(number, new NewAccount(accounts[number]) { Identity = identity }));

        Assert.Single(done, true);
        Assert.Equal(accounts[Array.IndexOf(done, true)].Id, await Links.FindAccountAsync(identity.ProviderId, identity.Key, default));
        Assert.Equal(1, await database.CountAsync("accounts", $"id IN ({string.Join(',', accounts.Select(account => $"'{account.Id}'"))})"));
    }

    [ContractFact]
    public async Task A_name_that_is_taken_leaves_identity_and_invitation_alone()
    {
        var name = Guid.NewGuid().ToString("N");
        Assert.True(await TryCreateAsync(0, new NewAccount(Samples.NewAccount(database, name: name))));
        var identity = NewIdentity();
        var invitation = new Invitation(Guid.CreateVersion7(), "guest@example.com", database.Clock.Now.AddDays(1));

        Assert.False(await TryCreateAsync(
            0, new NewAccount(Samples.NewAccount(database, name: name)) { Identity = identity, Invitation = invitation }, "taken " + name));

        Assert.Null(await Links.FindAccountAsync(identity.ProviderId, identity.Key, default));
        Assert.Equal(0, await database.CountAsync("audit_events", $"type = 'taken {name}'"));
        Assert.True(await TryCreateAsync(0, new NewAccount(Samples.NewAccount(database)) { Identity = identity, Invitation = invitation }));
    }

    private static LinkedIdentity NewIdentity() => new("acme", Guid.NewGuid().ToString("N"), "label");

    private Task<bool> TryCreateAsync(int number, NewAccount created, string type = "test") =>
        (number % 2 == 0 ? database.Main : database.Other).Get<IAccountCreationStore>()
            .TryCreateAsync(created, Samples.Record(database, type), default);
}

public sealed class SqliteAccountCreationStoreTests(SqliteTestDatabase database)
    : AccountCreationStoreContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlAccountCreationStoreTests(PostgreSqlTestDatabase database)
    : AccountCreationStoreContract(database), IClassFixture<PostgreSqlTestDatabase>;
