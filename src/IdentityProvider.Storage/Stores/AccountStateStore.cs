using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class AccountStateStore(IDatabase database) : IAccountStateStore
{
    private static readonly Statement Disable = new(
        // A new concurrency stamp: an entity that was read before and is saved after must not enable the account again.
        "UPDATE accounts SET disabled = TRUE, disabled_at = $2, concurrency_stamp = $3 WHERE id = $1 AND NOT disabled",
        SqlType.Text, SqlType.Time, SqlType.Text);

    private static readonly Statement Enable = new(
        "UPDATE accounts SET disabled = FALSE, disabled_at = NULL WHERE id = $1 AND disabled", SqlType.Text);

    private static readonly Statement SignedIn = new(
        """
        UPDATE accounts SET
            access_failed_count = 0,
            lockout_end = NULL,
            last_sign_in_at = CASE WHEN last_sign_in_at >= $2 THEN last_sign_in_at ELSE $2 END
        WHERE id = $1
        """,
        SqlType.Text, SqlType.Time);

    // Null and empty are the same here, as where a session begins.
    private static readonly Statement RenewStamp = new(
        """
        UPDATE accounts SET security_stamp = $2, concurrency_stamp = $2
        WHERE id = $1 AND NOT disabled AND COALESCE(security_stamp, '') = $3
        """,
        SqlType.Text, SqlType.Text, SqlType.Text);

    // Devices, second factors, passkeys and what else refers to the account go with its row.
    private static readonly Statement Delete = new("DELETE FROM accounts WHERE id = $1", SqlType.Text);

    private static readonly Statement ForgetSessions = new(
        "UPDATE sessions SET user_agent = NULL, remote_address = NULL WHERE subject = $1", SqlType.Text);

    private static readonly Statement ForgetEvents = new(
        "UPDATE audit_events SET remote_address = NULL, detail = NULL WHERE subject = $1", SqlType.Text);

    private static readonly Statement DeleteConsents = new("DELETE FROM consents WHERE subject = $1", SqlType.Text);

    private static readonly Statement DeleteDeviceAuthorizations = new("DELETE FROM device_authorizations WHERE subject = $1", SqlType.Text);

    // Mail and text messages that were not sent; logout notices say nothing but the id. What tells of changes is sent yet: whoever took the account
    // over and deletes it cannot take it back.
    private static readonly Statement DeleteMessages = new(
        "DELETE FROM outbox WHERE subject = $1 AND payload IS NOT NULL AND kind <> $2", SqlType.Text, SqlType.Text);

    /// <summary>
    /// What gives the account a new security stamp, if it has the known one; for those who change something beside it. First in their transaction:
    /// it takes the lock on the account, as who deletes it does. Where another statement decides, that must ask for the new stamp.
    /// </summary>
    public static SqlCall RenewingStamp(string id, StampRenewal stamp) => RenewStamp.With(id, stamp.Fresh, stamp.Known);

    public Task<bool> TryDisableAsync(string id, ChangeRecord? record, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.TryWriteAsync(
            Disable.With(id, now, Account.NewStamp()),
            [.. SessionStore.EndingAllOf(id, now), .. record is null ? [] : ChangeRecordStore.Adding(record)],
            cancellationToken);

    public async Task<bool> TryEnableAsync(string id, CancellationToken cancellationToken) =>
        await database.WriteAsync(Enable.With(id), cancellationToken) > 0;

    public Task<bool> TryDeleteAsync(string id, OutboxMessage? farewell, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.TryWriteAsync(
            Delete.With(id),
            [
                .. SessionStore.EndingAllOf(id, now),
                ForgetSessions.With(id),
                DeleteConsents.With(id),
                DeleteDeviceAuthorizations.With(id),
                DeleteMessages.With(id, OutboxKinds.Notice),
                ForgetEvents.With(id),
                AuditTrail.Appending(new AuditEvent { Type = AuditEventTypes.AccountDeleted, At = now, Subject = id }),
                .. farewell is null ? Array.Empty<SqlCall>() : [OutboxStore.Adding(farewell)],
            ],
            cancellationToken);

    public Task RecordSignInAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(SignedIn.With(id, now), cancellationToken);
}
