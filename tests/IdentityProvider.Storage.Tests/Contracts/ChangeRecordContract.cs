using System.Data.Common;
using System.Security.Cryptography;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Devices;
using IdentityProvider.Accounts.Passkeys;
using IdentityProvider.Accounts.Recovery;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Accounts.SignUp;
using IdentityProvider.Accounts.Upstream;

namespace IdentityProvider.Storage.Tests.Contracts;

/// <summary>What every verb keeps that takes a record: change, event and mail are there together or not at all.</summary>
public abstract class ChangeRecordContract(TestDatabase database)
{
    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    public async Task A_change_whose_record_cannot_be_written_is_not_made()
    {
        foreach (var (name, prepareAsync) in Verbs())
        {
            var changeAsync = await prepareAsync();
            var record = Samples.Record(database, "fault " + name);

            // The second mail has no kind, so the database refuses it when all else is written.
            var faulty = record with { Mails = [.. record.Mails, record.Mails[0] with { Id = Guid.CreateVersion7(Now), Kind = null! }] };
            await Assert.ThrowsAnyAsync<DbException>(() => changeAsync(database.Main, faulty));

            Assert.Equal((0, 0), await CountAsync("fault " + name));
            Assert.True(await changeAsync(database.Main, record), name);
            Assert.Equal((1, 1), await CountAsync("fault " + name));
        }
    }

    [ContractFact]
    public async Task Of_sixteen_who_make_one_change_one_leaves_a_record()
    {
        foreach (var (name, prepareAsync) in Verbs().Where(verb => verb.Name is not ("device" or "record")))
        {
            var changeAsync = await prepareAsync();

            await Race.RunAsync(number => changeAsync(number % 2 == 0 ? database.Main : database.Other, Samples.Record(database, "race " + name)));

            Assert.Equal((1, 1), await CountAsync("race " + name));
        }
    }

    [ContractFact]
    public async Task A_change_of_a_factor_that_is_refused_leaves_the_stamp()
    {
        var id = await database.AddAccountAsync(account => account.SecurityStamp = "before");
        var record = Samples.Record(database, "refused");

        Assert.False(await database.Main.Get<ITotpStore>().TryRemoveAsync(id, new StampRenewal("before", "after"), record, default));
        Assert.False(await database.Main.Get<ITelephoneStore>().TryRemoveAsync(id, new StampRenewal("before", "after"), record, default));
        Assert.False(await database.Main.Get<ITelephoneStore>().TrySetAsync("nobody", "+4915112345678", new StampRenewal("before", "after"), record, default));

        Assert.Equal("before", (await database.ReadAccountAsync(id)).SecurityStamp);
        Assert.Equal((0, 0), await CountAsync("refused"));
    }

    [ContractFact]
    public async Task A_change_of_a_factor_gives_the_account_its_new_stamp()
    {
        var id = await database.AddAccountAsync(account => account.SecurityStamp = "before");
        var (totps, telephones) = (database.Main.Get<ITotpStore>(), database.Main.Get<ITelephoneStore>());

        await AssertStampAsync("app", stamp => totps.TryAddAsync(database.AppOf(id), [Hash()], stamp, Samples.Record(database), default));
        await AssertStampAsync("no app", stamp => totps.TryRemoveAsync(id, stamp, Samples.Record(database), default));
        await AssertStampAsync("telephone", stamp => telephones.TrySetAsync(id, "+4915112345678", stamp, Samples.Record(database), default));
        var read = await database.ReadAccountAsync(id);
        Assert.Equal(("+4915112345678", true), (read.PhoneNumber, read.PhoneNumberConfirmed));
        await AssertStampAsync("no telephone", stamp => telephones.TryRemoveAsync(id, stamp, Samples.Record(database), default));

        async Task AssertStampAsync(string stamp, Func<StampRenewal, Task<bool>> changeAsync)
        {
            Assert.True(await changeAsync(await database.RenewalAsync(id) with { Fresh = stamp }));
            var account = await database.ReadAccountAsync(id);
            Assert.Equal((stamp, stamp), (account.SecurityStamp, account.ConcurrencyStamp));
        }
    }

    private IEnumerable<(string Name, Func<Task<Func<Node, ChangeRecord, Task<bool>>>> PrepareAsync)> Verbs() =>
    [
        .. OfAccount(), .. OfFactors(),
        ("passkey", async () =>
        {
            var passkey = database.PasskeyOf(await database.AddAccountAsync());
            return (node, record) => node.Get<IPasskeyStore>().TryAddAsync(passkey, string.Empty, 20, record, default);
        }),
        ("no passkey", async () =>
        {
            var passkey = database.PasskeyOf(await database.AddAccountAsync(account => account.PasswordHash = "hash"));
            Assert.True(await database.Main.Get<IPasskeyStore>().TryAddAsync(passkey, string.Empty, 20, Samples.Record(database), default));
            return (node, record) => node.Get<IPasskeyStore>().TryRemoveAsync(passkey.AccountId, passkey.Id, record, default);
        }),
        ("link", async () =>
        {
            var (id, identity) = (await database.AddAccountAsync(), new LinkedIdentity("acme", Guid.NewGuid().ToString("N"), Label: null));
            return (node, record) => node.Get<ILinkedIdentityStore>().TryAddAsync(id, string.Empty, identity, record, default);
        }),
        ("no link", async () =>
        {
            var (id, identity) = (await database.AddAccountAsync(), new LinkedIdentity("acme", Guid.NewGuid().ToString("N"), Label: null));
            Assert.True(await database.Main.Get<ILinkedIdentityStore>().TryAddAsync(id, string.Empty, identity, Samples.Record(database), default));
            return (node, record) => node.Get<ILinkedIdentityStore>().TryRemoveAsync(id, "acme", identity.Key, usable: null, record, default);
        }),
        ("device", async () =>
        {
            var id = await database.AddAccountAsync();
            Assert.True(await database.Main.Get<IDeviceStore>().TryAddAsync(DeviceOf(id), Samples.Record(database), default));
            return (node, record) => node.Get<IDeviceStore>().TryAddAsync(DeviceOf(id), record, default);
        }),
        ("no device", async () =>
        {
            var device = DeviceOf(await database.AddAccountAsync());
            Assert.True(await database.Main.Get<IDeviceStore>().TryAddAsync(device, Samples.Record(database), default));
            return (node, record) => node.Get<IDeviceStore>().TryRemoveAsync(device.AccountId, device.Id, record, default);
        }),
        ("record", () => Task.FromResult<Func<Node, ChangeRecord, Task<bool>>>(async (node, record) =>
        {
            await node.Get<IChangeRecordStore>().AddAsync(record, default);
            return true;
        })),
    ];

    private IEnumerable<(string Name, Func<Task<Func<Node, ChangeRecord, Task<bool>>>> PrepareAsync)> OfAccount() =>
    [
        ("account", () =>
        {
            var created = new NewAccount(Samples.NewAccount(database))
            {
                Identity = new LinkedIdentity("acme", Guid.NewGuid().ToString("N"), Label: null),
                Invitation = new Invitation(Guid.CreateVersion7(Now), "guest@example.com", Now.AddDays(1)),
            };
            return Task.FromResult<Func<Node, ChangeRecord, Task<bool>>>(
                (node, record) => node.Get<IAccountCreationStore>().TryCreateAsync(created, record, default));
        }),
        ("password", async () =>
        {
            var account = await AddAsync();
            return (node, record) => node.Get<IAccountRecoveryStore>().TrySetPasswordAsync(account, "hash", Account.NewStamp(), provesEmail: false, record, default);
        }),
        ("address", async () =>
        {
            var account = await AddAsync();
            return (node, record) => node.Get<IAccountRecoveryStore>().TryChangeEmailAsync(
                account, "x" + account.Email, "X" + account.NormalizedEmail, record, default);
        }),
        ("confirmation", async () =>
        {
            var account = await AddAsync();
            return (node, record) => node.Get<IAccountRecoveryStore>().TryConfirmEmailAsync(account, record, default);
        }),
        ("pause", async () =>
        {
            var id = (await AddAsync()).Id;
            await database.Main.Get<ISignInFailureStore>().CountAsync(
                id, new PauseRule(1, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)), Samples.Record(database), default);
            var pausing = await database.ReadAccountAsync(id);
            return (node, record) => node.Get<IAccountRecoveryStore>().TryEndPauseAsync(pausing, record, default);
        }),
        ("disabled", async () =>
        {
            var session = await database.AddSessionAsync();
            return (node, record) => node.Get<IAccountStateStore>().TryDisableAsync(session.Subject, record, Now, default);
        }),
    ];

    private IEnumerable<(string Name, Func<Task<Func<Node, ChangeRecord, Task<bool>>>> PrepareAsync)> OfFactors() =>
    [
        ("app", async () =>
        {
            var id = await database.AddAccountAsync();
            var stamp = await database.RenewalAsync(id);
            return (node, record) => node.Get<ITotpStore>().TryAddAsync(database.AppOf(id), [Hash()], stamp, record, default);
        }),
        ("no app", async () =>
        {
            var id = await database.AddAccountAsync();
            Assert.True(await database.Main.Get<ITotpStore>().TryAddAsync(
                database.AppOf(id), [Hash()], await database.RenewalAsync(id), Samples.Record(database), default));
            var stamp = await database.RenewalAsync(id);
            return (node, record) => node.Get<ITotpStore>().TryRemoveAsync(id, stamp, record, default);
        }),
        ("new codes", async () =>
        {
            var id = await database.AddAccountAsync();
            var stamp = await database.RenewalAsync(id);
            return (node, record) => node.Get<IRecoveryCodeStore>().TryReplaceAsync(id, [Hash()], stamp, record, default);
        }),
        ("code", async () =>
        {
            var (id, hash) = (await database.AddAccountAsync(), Hash());
            Assert.True(await database.Main.Get<IRecoveryCodeStore>().TryReplaceAsync(
                id, [hash], await database.RenewalAsync(id), Samples.Record(database), default));
            return (node, record) => node.Get<IRecoveryCodeStore>().TryUseAsync(id, hash, record, default);
        }),
        ("telephone", async () =>
        {
            var id = await database.AddAccountAsync();
            var stamp = await database.RenewalAsync(id);
            return (node, record) => node.Get<ITelephoneStore>().TrySetAsync(id, "+4915112345678", stamp, record, default);
        }),
        ("no telephone", async () =>
        {
            var id = await database.AddAccountAsync();
            Assert.True(await database.Main.Get<ITelephoneStore>().TrySetAsync(
                id, "+4915112345678", await database.RenewalAsync(id), Samples.Record(database), default));
            var stamp = await database.RenewalAsync(id);
            return (node, record) => node.Get<ITelephoneStore>().TryRemoveAsync(id, stamp, record, default);
        }),
    ];

    private async Task<(long Events, long Mails)> CountAsync(string type) =>
        (await database.CountAsync("audit_events", $"type = '{type}'"), await database.CountAsync("outbox", $"payload = '{type}'"));

    private async Task<Account> AddAsync()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        return await database.ReadAccountAsync(await database.AddAccountAsync(account =>
        {
            (account.Email, account.NormalizedEmail) = (email, email.ToUpperInvariant());
        }));
    }

    private static ReadOnlyMemory<byte> Hash() => RandomNumberGenerator.GetBytes(32);

    private Device DeviceOf(string id) => new()
    {
        Id = Guid.CreateVersion7(Now),
        AccountId = id,
        SecretHash = RandomNumberGenerator.GetBytes(32),
        CreatedAt = Now,
        LastSeenAt = Now,
        ExpiresAt = Now.AddDays(30),
    };
}

public sealed class SqliteChangeRecordTests(SqliteTestDatabase database) : ChangeRecordContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlChangeRecordTests(PostgreSqlTestDatabase database)
    : ChangeRecordContract(database), IClassFixture<PostgreSqlTestDatabase>;
