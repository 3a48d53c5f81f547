using System.Security.Cryptography;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Passkeys;
using IdentityProvider.Accounts.Recovery;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Accounts.Upstream;

namespace IdentityProvider.Storage.Tests.Contracts;

/// <summary>
/// Changes of a factor by who read the account before its password was reset, or it was disabled. The reset is how a person throws somebody out, so
/// nothing that was under way may outlive it.
/// </summary>
public abstract class OvertakenChangeContract(TestDatabase database)
{
    private const string Number = "+4915112345678";

    private static readonly (string Name, string Owner)[] Tables =
        [("totp_authenticators", "account_id"), ("recovery_codes", "account_id"), ("account_passkeys", "account_id"), ("account_tokens", "user_id"), ("account_logins", "user_id")];

    private static readonly string[] Changes = ["add app", "remove app", "new codes", "set telephone", "remove telephone", "add passkey", "link"];

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    [Case(295)]
    public async Task A_change_that_a_reset_overtook_is_not_made_and_leaves_nothing()
    {
        foreach (var change in Changes)
        {
            await AssertNotMadeAsync(change, "before", isReset: true);
            await AssertNotMadeAsync(change, stamp: null, isReset: true);
        }
    }

    [ContractFact]
    public async Task A_change_of_an_account_that_was_disabled_meanwhile_is_not_made_and_leaves_nothing()
    {
        foreach (var change in Changes)
        {
            await AssertNotMadeAsync(change, "before", isReset: false);
        }
    }

    [ContractFact]
    public async Task Of_a_reset_and_changes_of_factors_at_once_one_is_made()
    {
        for (var round = 0; round < 20; round++)
        {
            var account = await database.ReadAccountAsync(await database.AddAccountAsync(account => account.SecurityStamp = "before"));

            var won = await Race.RunAsync(
                number => number switch
                {
                    0 => OvertakeAsync(account, isReset: true),
                    1 => TryAsync("add app", database.Main, account, Samples.Record(database)),
                    2 => TryAsync("set telephone", database.Other, account, Samples.Record(database)),
                    _ => TryAsync("new codes", database.Other, account, Samples.Record(database)),
                },
                callers: 4);

            Assert.Single(won, true);
        }
    }

    private async Task AssertNotMadeAsync(string change, string? stamp, bool isReset)
    {
        var id = await database.AddAccountAsync(account => account.SecurityStamp = stamp);
        await PrepareAsync(change, id);
        var read = await database.ReadAccountAsync(id);
        Assert.True(await OvertakeAsync(read, isReset));
        var (overtaken, rows) = (await database.ReadAccountAsync(id), await CountAsync(id));
        var mark = Guid.NewGuid().ToString("N");

        Assert.False(await TryAsync(change, database.Main, read, Samples.Record(database, mark)), change);

        Assert.Equal(rows, await CountAsync(id));
        Assert.Equal((0, 0), (await database.CountAsync("audit_events", $"type = '{mark}'"), await database.CountAsync("outbox", $"payload = '{mark}'")));
        var left = await database.ReadAccountAsync(id);
        Assert.Equal(
            (overtaken.SecurityStamp, overtaken.ConcurrencyStamp, overtaken.PhoneNumber),
            (left.SecurityStamp, left.ConcurrencyStamp, left.PhoneNumber));
        Assert.Equal(isReset, await TryAsync(change, database.Main, left, Samples.Record(database, mark)));
    }

    private async Task PrepareAsync(string change, string id)
    {
        var before = await database.ReadAccountAsync(id);
        var known = before.SecurityStamp ?? string.Empty;
        var kept = new StampRenewal(known, known);
        var done = change switch
        {
            "remove app" => await database.Main.Get<ITotpStore>().TryAddAsync(database.AppOf(id), [Bytes()], kept, Samples.Record(database), default),
            "remove telephone" => await database.Main.Get<ITelephoneStore>().TrySetAsync(id, Number, kept, Samples.Record(database), default),
            _ => true,
        };
        Assert.True(done);
    }

    private Task<bool> OvertakeAsync(Account account, bool isReset) => isReset
        ? database.Main.Get<IAccountRecoveryStore>().TrySetPasswordAsync(account, "hash", Account.NewStamp(), provesEmail: true, Samples.Record(database), default)
        : database.Main.Get<IAccountStateStore>().TryDisableAsync(account.Id, record: null, Now, default);

    private Task<bool> TryAsync(string change, Node node, Account account, ChangeRecord record)
    {
        var (id, stamp) = (account.Id, StampRenewal.Of(account));
        return change switch
        {
            "add app" => node.Get<ITotpStore>().TryAddAsync(database.AppOf(id), [Bytes()], stamp, record, default),
            "remove app" => node.Get<ITotpStore>().TryRemoveAsync(id, stamp, record, default),
            "new codes" => node.Get<IRecoveryCodeStore>().TryReplaceAsync(id, [Bytes()], stamp, record, default),
            "set telephone" => node.Get<ITelephoneStore>().TrySetAsync(id, Number, stamp, record, default),
            "remove telephone" => node.Get<ITelephoneStore>().TryRemoveAsync(id, stamp, record, default),
            "add passkey" => node.Get<IPasskeyStore>().TryAddAsync(database.PasskeyOf(id), stamp.Known, 20, record, default),
            "link" => node.Get<ILinkedIdentityStore>().TryAddAsync(id, stamp.Known, IdentityOf(id), record, default),
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "no such change"),
        };
    }

    private async Task<string> CountAsync(string id)
    {
        var counts = new List<long>();
        foreach (var (name, owner) in Tables)
        {
            counts.Add(await database.CountAsync(name, $"{owner} = '{id}'"));
        }

        return string.Join(' ', counts);
    }

    private static byte[] Bytes() => RandomNumberGenerator.GetBytes(32);

    private static LinkedIdentity IdentityOf(string id) => new("acme", id, Label: null);
}

public sealed class SqliteOvertakenChangeTests(SqliteTestDatabase database)
    : OvertakenChangeContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlOvertakenChangeTests(PostgreSqlTestDatabase database)
    : OvertakenChangeContract(database), IClassFixture<PostgreSqlTestDatabase>;
