using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Devices;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class DeviceStore(IDatabase database) : IDeviceStore
{
    private const string Columns =
        "id, account_id, secret_hash, created_at, last_seen_at, expires_at, trusted_until, trusted_stamp, user_agent, remote_address";

    // The lock is the one that the foreign key takes anyway: who waits for a deletion finds no account then, where the key would fail.
    private static readonly Statement Add = new(
        $"INSERT INTO devices ({Columns}) SELECT $1, id, $3, $4, $5, $6, $7, $8, $9, $10 FROM accounts WHERE id = $2",
        $"INSERT INTO devices ({Columns}) SELECT $1, id, $3, $4, $5, $6, $7, $8, $9, $10 FROM accounts WHERE id = $2 FOR KEY SHARE",
        SqlType.Guid, SqlType.Text, SqlType.Bytes, SqlType.Time, SqlType.Time, SqlType.Time, SqlType.Time, SqlType.Text, SqlType.Text,
        SqlType.Text);

    private static readonly Statement Change = new(
        """
        UPDATE devices SET last_seen_at = $3, expires_at = $4, trusted_until = $5, trusted_stamp = $6, user_agent = $7, remote_address = $8
        WHERE id = $1 AND account_id = $2
        """,
        SqlType.Guid, SqlType.Text, SqlType.Time, SqlType.Time, SqlType.Time, SqlType.Text, SqlType.Text, SqlType.Text);

    // An account older than what is known of any browser may have had others.
    private static readonly Statement NoteIfAnother = AuditTrail.AppendingWhere(
        """
        EXISTS (SELECT 1 FROM devices WHERE account_id = $10 AND id <> $11 AND expires_at > $12)
        OR EXISTS (SELECT 1 FROM accounts WHERE id = $10 AND created_at < $13)
        """,
        SqlType.Text, SqlType.Guid, SqlType.Time, SqlType.Time);

    private static readonly Statement TellIfAnother = OutboxStore.AddingWhere(
        """
        EXISTS (SELECT 1 FROM devices WHERE account_id = $9 AND id <> $10 AND expires_at > $11)
        OR EXISTS (SELECT 1 FROM accounts WHERE id = $9 AND created_at < $12)
        """,
        SqlType.Text, SqlType.Guid, SqlType.Time, SqlType.Time);

    private static readonly Statement Find = new($"SELECT {Columns} FROM devices WHERE id = $1", SqlType.Guid);

    private static readonly Statement List = new(
        $"SELECT {Columns} FROM devices WHERE account_id = $1 AND expires_at > $2 ORDER BY last_seen_at DESC, id DESC",
        SqlType.Text, SqlType.Time);

    private static readonly Statement Remove = new("DELETE FROM devices WHERE account_id = $1 AND id = $2", SqlType.Text, SqlType.Guid);

    private static readonly Statement RemoveAll = new("DELETE FROM devices WHERE account_id = $1", SqlType.Text);

    public Task<Device?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.FindAsync(Find.With(id), Decode, cancellationToken);

    public Task<bool> TryAddAsync(Device device, ChangeRecord record, CancellationToken cancellationToken)
    {
        var lifetime = device.ExpiresAt - device.LastSeenAt;
        object?[] another = [device.AccountId, device.Id, record.Entry.At, record.Entry.At - lifetime];
        return database.TryWriteAsync(
            Add.With(
                device.Id, device.AccountId, device.SecretHash, device.CreatedAt, device.LastSeenAt, device.ExpiresAt, device.TrustedUntil,
                device.TrustedStamp, device.UserAgent, device.RemoteAddress),
            [
                AuditTrail.Appending(NoteIfAnother, record.Entry, another),
                .. record.Mails.Select(mail => OutboxStore.Adding(TellIfAnother, mail, another)),
            ],
            cancellationToken);
    }

    public async Task<bool> TryChangeAsync(Device device, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            Change.With(
                device.Id, device.AccountId, device.LastSeenAt, device.ExpiresAt, device.TrustedUntil, device.TrustedStamp, device.UserAgent,
                device.RemoteAddress),
            cancellationToken) > 0;

    public Task<IReadOnlyList<Device>> ListAsync(string accountId, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ListAsync(List.With(accountId, now), Decode, cancellationToken);

    public Task<bool> TryRemoveAsync(string accountId, Guid id, ChangeRecord record, CancellationToken cancellationToken) =>
        database.TryWriteAsync(Remove.With(accountId, id), [.. ChangeRecordStore.Adding(record)], cancellationToken);

    public Task RemoveAllAsync(string accountId, CancellationToken cancellationToken) =>
        database.WriteAsync(RemoveAll.With(accountId), cancellationToken);

    private static Device Decode(Row row) => new()
    {
        Id = row.Guid(0),
        AccountId = row.Text(1),
        SecretHash = row.Bytes(2),
        CreatedAt = row.Time(3),
        LastSeenAt = row.Time(4),
        ExpiresAt = row.Time(5),
        TrustedUntil = row.TimeOrNull(6),
        TrustedStamp = row.TextOrNull(7),
        UserAgent = row.TextOrNull(8),
        RemoteAddress = row.TextOrNull(9),
    };
}
