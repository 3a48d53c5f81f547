using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.DeviceAuthorization;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Storage.Rows;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class DeviceAuthorizationStore(IDatabase database) : IDeviceAuthorizationStore
{
    private const string Columns =
        "id, client_id, scope, resources, created_at, expires_at, polling_interval, remote_address, decision, subject, session_id, " +
        "approved_scope, auth_time, acr, amr";

    private static readonly Statement Add = new(
        $"""
         INSERT INTO device_authorizations
           (id, client_id, scope, resources, created_at, expires_at, polling_interval, remote_address, user_code_hash, decision)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, {DeviceAuthorizationRow.Pending}) ON CONFLICT (user_code_hash) DO NOTHING
         """,
        SqlType.Guid, SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Time, SqlType.Time, SqlType.Int32, SqlType.Text, SqlType.Bytes);

    private static readonly Statement Find = new($"SELECT {Columns} FROM device_authorizations WHERE id = $1", SqlType.Guid);

    private static readonly Statement FindByUserCode = new(
        $"SELECT {Columns} FROM device_authorizations WHERE user_code_hash = $1", SqlType.Bytes);

    private static readonly Statement RaiseInterval = new(
        $"""
         UPDATE device_authorizations SET polling_interval = $3
         WHERE id = $1 AND polling_interval = $2 AND decision = {DeviceAuthorizationRow.Pending}
         """,
        SqlType.Guid, SqlType.Int32, SqlType.Int32);

    private static readonly Statement Approve = new(
        $"""
         UPDATE device_authorizations SET decision = {DeviceAuthorizationRow.Approved}, decided_at = $2, subject = $3, session_id = $4,
           approved_scope = $5, auth_time = $6, acr = $7, amr = $8
         WHERE id = $1 AND decision = {DeviceAuthorizationRow.Pending} AND expires_at > $2
         """,
        SqlType.Guid, SqlType.Time, SqlType.Text, SqlType.Guid, SqlType.Text, SqlType.Time, SqlType.Text, SqlType.Text);

    private static readonly Statement Deny = new(
        $"""
         UPDATE device_authorizations SET decision = {DeviceAuthorizationRow.Denied}, decided_at = $2
         WHERE id = $1 AND decision = {DeviceAuthorizationRow.Pending} AND expires_at > $2
         """,
        SqlType.Guid, SqlType.Time);

    public async Task<bool> TryAddAsync(WaitingDevice device, ReadOnlyMemory<byte> userCodeHash, CancellationToken cancellationToken)
    {
        var call = Add.With(
            device.Id, device.ClientId, device.Scope.ToString(), string.Join(' ', device.Resources), device.CreatedAt, device.ExpiresAt,
            (int)device.Interval.TotalSeconds, device.RemoteAddress, userCodeHash.ToArray());
        return await database.WriteAsync(call, cancellationToken) > 0;
    }

    public Task<WaitingDevice?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.FindAsync(Find.With(id), Decode, cancellationToken);

    public Task<WaitingDevice?> FindByUserCodeAsync(ReadOnlyMemory<byte> userCodeHash, CancellationToken cancellationToken) =>
        database.FindAsync(FindByUserCode.With(userCodeHash.ToArray()), Decode, cancellationToken);

    public Task RaiseIntervalAsync(Guid id, TimeSpan current, TimeSpan raised, CancellationToken cancellationToken) =>
        database.WriteAsync(RaiseInterval.With(id, (int)current.TotalSeconds, (int)raised.TotalSeconds), cancellationToken);

    public Task<bool> TryApproveAsync(
        Guid id, string clientId, DeviceDecision.Approved approval, AuditEvent entry, CancellationToken cancellationToken)
    {
        var call = Approve.With(
            id, entry.At, approval.Subject, approval.SessionId, approval.Scope.ToString(), approval.AuthTime, approval.Acr,
            string.Join(' ', approval.Amr));
        return database.TryWriteAsync(
            call, [ConsentStore.Allowing(approval.Subject, clientId, approval.Scope, entry.At), AuditTrail.Appending(entry)], cancellationToken);
    }

    public Task<bool> TryDenyAsync(Guid id, AuditEvent entry, CancellationToken cancellationToken) =>
        database.TryWriteAsync(Deny.With(id, entry.At), [AuditTrail.Appending(entry)], cancellationToken);

    private static WaitingDevice Decode(Row row) => new()
    {
        Id = row.Guid(0),
        ClientId = row.Text(1),
        Scope = ScopeSet.Of(row.Words(2)),
        Resources = row.Words(3),
        CreatedAt = row.Time(4),
        ExpiresAt = row.Time(5),
        Interval = TimeSpan.FromSeconds(row.Int32(6)),
        RemoteAddress = row.TextOrNull(7),
        Decision = row.Int32(8) switch
        {
            DeviceAuthorizationRow.Pending => null,
            DeviceAuthorizationRow.Denied => new DeviceDecision.Denied(),
            _ => new DeviceDecision.Approved
            {
                Subject = row.Text(9),
                SessionId = row.Guid(10),
                Scope = ScopeSet.Of(row.Words(11)),
                AuthTime = row.Time(12),
                Acr = row.TextOrNull(13),
                Amr = row.Words(14),
            },
        },
    };
}
