using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class TotpStore(IDatabase database) : ITotpStore
{
    private const string Columns = "account_id, sealed_secret, last_step, created_at, last_used_at";

    private static readonly Statement Find = new($"SELECT {Columns} FROM totp_authenticators WHERE account_id = $1", SqlType.Text);

    // After the account got its new stamp, which it has only if it had the known one; that holds the lock on it, too.
    private static readonly Statement Add = new(
        $"""
         INSERT INTO totp_authenticators ({Columns}) SELECT id, $2, $3, $4, $5 FROM accounts WHERE id = $1 AND security_stamp = $6
         ON CONFLICT (account_id) DO NOTHING
         """,
        SqlType.Text, SqlType.Text, SqlType.Int64, SqlType.Time, SqlType.Time, SqlType.Text);

    private static readonly Statement Use = new(
        "UPDATE totp_authenticators SET last_step = $2, last_used_at = $3 WHERE account_id = $1 AND last_step < $2",
        SqlType.Text, SqlType.Int64, SqlType.Time);

    private static readonly Statement Remove = new(
        """
        DELETE FROM totp_authenticators
        WHERE account_id = $1 AND EXISTS (SELECT 1 FROM accounts WHERE id = $1 AND security_stamp = $2)
        """,
        SqlType.Text, SqlType.Text);

    public Task<TotpAuthenticator?> FindAsync(string accountId, CancellationToken cancellationToken) =>
        database.FindAsync(
            Find.With(accountId),
            row => new TotpAuthenticator(row.Text(0), row.Text(1), row.Int64(2), row.Time(3), row.Time(4)),
            cancellationToken);

    public Task<bool> TryAddAsync(
        TotpAuthenticator authenticator,
        IReadOnlyCollection<ReadOnlyMemory<byte>> recoveryCodes,
        StampRenewal stamp,
        ChangeRecord record,
        CancellationToken cancellationToken)
    {
        var id = authenticator.AccountId;
        var add = Add.With(id, authenticator.SealedSecret, authenticator.LastStep, authenticator.CreatedAt, authenticator.LastUsedAt, stamp.Fresh);
        return database.TryWriteAsync(
            [AccountStateStore.RenewingStamp(id, stamp), add],
            [.. RecoveryCodeStore.Replacing(id, recoveryCodes, authenticator.CreatedAt), .. ChangeRecordStore.Adding(record)],
            cancellationToken);
    }

    public async Task<bool> TryUseAsync(string accountId, long step, DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.WriteAsync(Use.With(accountId, step, now), cancellationToken) > 0;

    public Task<bool> TryRemoveAsync(string accountId, StampRenewal stamp, ChangeRecord record, CancellationToken cancellationToken) =>
        database.TryWriteAsync(
            [AccountStateStore.RenewingStamp(accountId, stamp), Remove.With(accountId, stamp.Fresh)],
            [.. RecoveryCodeStore.Replacing(accountId, [], record.Entry.At), .. ChangeRecordStore.Adding(record)],
            cancellationToken);
}
