using IdentityProvider.Accounts.Devices;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class DeviceStore(IDatabase database) : IDeviceStore
{
    private const string Columns =
        "id, account_id, secret_hash, created_at, last_seen_at, expires_at, trusted_until, trusted_stamp, user_agent, remote_address";

    private const string Change =
        """
        ON CONFLICT (id) DO UPDATE SET last_seen_at = $5, expires_at = $6, trusted_until = $7, trusted_stamp = $8, user_agent = $9,
          remote_address = $10 WHERE devices.account_id = $2
        """;

    // The lock is the one that the foreign key takes anyway: who waits for a deletion finds no account then, where the key would fail.
    private static readonly Statement Save = new(
        $"INSERT INTO devices ({Columns}) SELECT $1, id, $3, $4, $5, $6, $7, $8, $9, $10 FROM accounts WHERE id = $2 {Change}",
        $"INSERT INTO devices ({Columns}) SELECT $1, id, $3, $4, $5, $6, $7, $8, $9, $10 FROM accounts WHERE id = $2 FOR KEY SHARE {Change}",
        SqlType.Guid, SqlType.Text, SqlType.Bytes, SqlType.Time, SqlType.Time, SqlType.Time, SqlType.Time, SqlType.Text, SqlType.Text,
        SqlType.Text);

    private static readonly Statement Find = new($"SELECT {Columns} FROM devices WHERE id = $1", SqlType.Guid);

    private static readonly Statement List = new(
        $"SELECT {Columns} FROM devices WHERE account_id = $1 AND expires_at > $2 ORDER BY last_seen_at DESC, id DESC",
        SqlType.Text, SqlType.Time);

    private static readonly Statement Remove = new("DELETE FROM devices WHERE account_id = $1 AND id = $2", SqlType.Text, SqlType.Guid);

    private static readonly Statement RemoveAll = new("DELETE FROM devices WHERE account_id = $1", SqlType.Text);

    public Task<Device?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.FindAsync(Find.With(id), Decode, cancellationToken);

    public async Task<bool> TrySaveAsync(Device device, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            Save.With(
                device.Id, device.AccountId, device.SecretHash, device.CreatedAt, device.LastSeenAt, device.ExpiresAt, device.TrustedUntil,
                device.TrustedStamp, device.UserAgent, device.RemoteAddress),
            cancellationToken) > 0;

    public Task<IReadOnlyList<Device>> ListAsync(string accountId, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ListAsync(List.With(accountId, now), Decode, cancellationToken);

    public async Task<bool> TryRemoveAsync(string accountId, Guid id, CancellationToken cancellationToken) =>
        await database.WriteAsync(Remove.With(accountId, id), cancellationToken) > 0;

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
