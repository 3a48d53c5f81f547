using System.Security.Cryptography;
using IdentityProvider.Accounts.Passkeys;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class PasskeyStoreContract(TestDatabase database)
{
    private IPasskeyStore Passkeys => database.Main.Get<IPasskeyStore>();

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    public async Task A_passkey_is_read_as_it_was_added()
    {
        var passkey = await NewAsync() with { SignCount = uint.MaxValue, Transports = ["internal", "hybrid"], IsBackupEligible = true, IsBackedUp = true };

        Assert.True(await Passkeys.TryAddAsync(passkey, string.Empty, 2, Samples.Record(database), default));

        var found = await Passkeys.FindAsync(passkey.CredentialId, default);
        Assert.NotNull(found);
        Assert.Equal(passkey.CredentialId.ToArray(), found.CredentialId.ToArray());
        Assert.Equal(passkey.PublicKey.ToArray(), found.PublicKey.ToArray());
        Assert.Equal(passkey.Transports, found.Transports);
        Assert.Equal(
            passkey with { CredentialId = default, PublicKey = default, Transports = [] },
            found with { CredentialId = default, PublicKey = default, Transports = [] });
        Assert.Equal(found.Id, Assert.Single(await Passkeys.ListAsync(passkey.AccountId, default)).Id);
    }

    [ContractFact]
    public async Task What_nobody_has_is_not_found()
    {
        Assert.Null(await Passkeys.FindAsync(RandomNumberGenerator.GetBytes(16), default));
        Assert.Empty(await Passkeys.ListAsync("nobody", default));
    }

    [ContractFact]
    [Case(319)]
    public async Task A_credential_id_belongs_to_one_account()
    {
        var first = await NewAsync();
        var second = await NewAsync() with { CredentialId = first.CredentialId };

        Assert.True(await Passkeys.TryAddAsync(first, string.Empty, 20, Samples.Record(database), default));
        Assert.False(await Passkeys.TryAddAsync(second, string.Empty, 20, Samples.Record(database), default));

        Assert.Equal(first.AccountId, (await Passkeys.FindAsync(first.CredentialId, default))!.AccountId);
        Assert.Empty(await Passkeys.ListAsync(second.AccountId, default));
    }

    [ContractFact]
    [Case(319)]
    public async Task Sixteen_with_one_credential_id_at_once_are_one()
    {
        var credentialId = RandomNumberGenerator.GetBytes(32);
        var passkeys = new List<Passkey>();
        for (var i = 0; i < Race.Callers; i++)
        {
            passkeys.Add(await NewAsync() with { CredentialId = credentialId });
        }

        var added = await Race.RunAsync(number => StoreOf(number).TryAddAsync(passkeys[number], string.Empty, 20, Samples.Record(database), default));

        Assert.Single(added, true);
    }

    [ContractFact]
    public async Task An_account_has_as_many_as_it_may()
    {
        var first = await NewAsync();
        Assert.True(await Passkeys.TryAddAsync(first, string.Empty, 2, Samples.Record(database), default));
        Assert.True(await Passkeys.TryAddAsync(Another(first), string.Empty, 2, Samples.Record(database), default));
        Assert.False(await Passkeys.TryAddAsync(Another(first), string.Empty, 2, Samples.Record(database), default));
        Assert.True(await Passkeys.TryAddAsync(await NewAsync(), string.Empty, 2, Samples.Record(database), default));
    }

    [ContractFact]
    public async Task Of_sixteen_added_at_once_as_many_stay_as_may()
    {
        const int Most = 5;
        var first = await AddAsync(signCount: 0);
        var passkeys = Enumerable.Range(0, Race.Callers).Select(_ => Another(first)).ToList();

        var added = await Race.RunAsync(number => StoreOf(number).TryAddAsync(passkeys[number], string.Empty, Most, Samples.Record(database), default));

        Assert.Equal(Most - 1, added.Count(one => one));
        Assert.Equal(Most, (await Passkeys.ListAsync(first.AccountId, default)).Count);
    }

    [ContractFact]
    public async Task An_account_without_a_password_keeps_one_passkey_however_many_are_removed_at_once()
    {
        var first = await AddAsync(signCount: 0, passwordHash: null);
        var passkeys = new List<Passkey> { first };
        while (passkeys.Count < Race.Callers)
        {
            passkeys.Add(Another(first));
            Assert.True(await Passkeys.TryAddAsync(passkeys[^1], string.Empty, Race.Callers, Samples.Record(database), default));
        }

        var removed = await Race.RunAsync(number => StoreOf(number).TryRemoveAsync(first.AccountId, passkeys[number].Id, Samples.Record(database), default));

        Assert.Equal(Race.Callers - 1, removed.Count(one => one));
        var left = Assert.Single(await Passkeys.ListAsync(first.AccountId, default));
        Assert.False(await Passkeys.TryRemoveAsync(first.AccountId, left.Id, Samples.Record(database), default));
        Assert.Equal(left.Id, Assert.Single(await Passkeys.ListAsync(first.AccountId, default)).Id);
    }

    [ContractFact]
    public async Task An_account_that_is_gone_gets_no_passkey()
    {
        var passkey = await NewAsync() with { AccountId = Guid.NewGuid().ToString("N") };

        Assert.False(await Passkeys.TryAddAsync(passkey, string.Empty, 20, Samples.Record(database), default));
    }

    [ContractFact]
    [Case(322)]
    public async Task A_counter_goes_up_and_never_down_or_sideways()
    {
        var passkey = await AddAsync(signCount: 5);
        var later = Now.AddMinutes(3);

        Assert.True(await Passkeys.TryUseAsync(passkey.Id, 7, isBackedUp: true, later, default));
        Assert.False(await Passkeys.TryUseAsync(passkey.Id, 7, isBackedUp: false, Now.AddHours(1), default));
        Assert.False(await Passkeys.TryUseAsync(passkey.Id, 6, isBackedUp: false, Now.AddHours(1), default));
        Assert.False(await Passkeys.TryUseAsync(passkey.Id, 0, isBackedUp: false, Now.AddHours(1), default));

        var found = await Passkeys.FindAsync(passkey.CredentialId, default);
        Assert.Equal((7u, true, later), (found!.SignCount, found.IsBackedUp, found.LastUsedAt!.Value));
    }

    [ContractFact]
    public async Task What_does_not_count_is_used_again_and_again()
    {
        var passkey = await AddAsync(signCount: 0);

        Assert.True(await Passkeys.TryUseAsync(passkey.Id, 0, isBackedUp: false, Now, default));
        Assert.True(await Passkeys.TryUseAsync(passkey.Id, 0, isBackedUp: false, Now, default));
        Assert.True(await Passkeys.TryUseAsync(passkey.Id, uint.MaxValue, isBackedUp: false, Now, default));
        Assert.False(await Passkeys.TryUseAsync(passkey.Id, 0, isBackedUp: false, Now, default));
    }

    [ContractFact]
    [Case(322)]
    public async Task Sixteen_uses_with_one_counter_at_once_are_one()
    {
        var passkey = await AddAsync(signCount: 1);

        var used = await Race.RunAsync(number => StoreOf(number).TryUseAsync(passkey.Id, 2, isBackedUp: false, Now, default));

        Assert.Single(used, true);
    }

    [ContractFact]
    public async Task Only_its_owner_renames_and_removes_a_passkey()
    {
        var (mine, other) = (await AddAsync(signCount: 0), await AddAsync(signCount: 0));

        Assert.False(await Passkeys.TryRenameAsync(other.AccountId, mine.Id, "theirs", default));
        Assert.False(await Passkeys.TryRemoveAsync(other.AccountId, mine.Id, Samples.Record(database), default));
        Assert.True(await Passkeys.TryRenameAsync(mine.AccountId, mine.Id, "mine ü", default));
        Assert.Equal("mine ü", (await Passkeys.FindAsync(mine.CredentialId, default))!.Name);

        var removed = await Race.RunAsync(number => StoreOf(number).TryRemoveAsync(mine.AccountId, mine.Id, Samples.Record(database), default));

        Assert.Single(removed, true);
        Assert.Null(await Passkeys.FindAsync(mine.CredentialId, default));
        Assert.False(await Passkeys.TryUseAsync(mine.Id, 9, isBackedUp: false, Now, default));
        Assert.NotNull(await Passkeys.FindAsync(other.CredentialId, default));
    }

    [ContractFact]
    public async Task Passkeys_go_with_their_account()
    {
        var passkey = await AddAsync(signCount: 0);
        await using var context = await database.Main.Get<IDbContextFactory<IdentityProviderDbContext>>().CreateDbContextAsync();

        context.Remove(await context.Users.SingleAsync(account => account.Id == passkey.AccountId));
        await context.SaveChangesAsync();

        Assert.Null(await Passkeys.FindAsync(passkey.CredentialId, default));
    }

    private IPasskeyStore StoreOf(int number) => number % 2 == 0 ? Passkeys : database.Other.Get<IPasskeyStore>();

    private async Task<Passkey> AddAsync(uint signCount, string? passwordHash = "hash")
    {
        var passkey = await NewAsync() with
        {
            SignCount = signCount,
            AccountId = await database.AddAccountAsync(account => account.PasswordHash = passwordHash),
        };
        Assert.True(await Passkeys.TryAddAsync(passkey, string.Empty, 20, Samples.Record(database), default));
        return passkey;
    }

    private async Task<Passkey> NewAsync() => new()
    {
        Id = Guid.CreateVersion7(Now),
        CredentialId = RandomNumberGenerator.GetBytes(32),
        AccountId = await database.AddAccountAsync(),
        Name = "laptop",
        PublicKey = RandomNumberGenerator.GetBytes(77),
        SignCount = 0,
        IsBackupEligible = false,
        IsBackedUp = false,
        CreatedAt = Now,
    };

    private Passkey Another(Passkey passkey) =>
        passkey with { Id = Guid.CreateVersion7(Now), CredentialId = RandomNumberGenerator.GetBytes(32) };
}

public sealed class SqlitePasskeyStoreTests(SqliteTestDatabase database)
    : PasskeyStoreContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlPasskeyStoreTests(PostgreSqlTestDatabase database)
    : PasskeyStoreContract(database), IClassFixture<PostgreSqlTestDatabase>;
