using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class GrantStore(IDatabase database) : IGrantStore
{
    private const string Columns =
        "id, client_id, subject, session_id, scope, resources, auth_time, acr, amr, requested_claims, counter, rotated_at, " +
        "created_at, expires_at, absolute_expires_at, revoked_at, status_list, status_index, is_offline, purge_at";

    private const string Values = "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20";

    private const string Live =
        """
        SELECT 1 FROM sessions s JOIN accounts a ON a.id = s.subject JOIN clients c ON c.client_id = $2
        WHERE s.id = $4 AND s.subject = $3 AND s.ended_at IS NULL AND s.idle_expires_at > $13 AND s.absolute_expires_at > $13
          AND NOT a.disabled AND c.enabled
        """;

    private const string Consented = "SELECT 1 FROM consents n WHERE n.subject = $3 AND n.client_id = $2";

    private static readonly SqlType[] Types =
    [
        SqlType.Guid, SqlType.Text, SqlType.Text, SqlType.Guid, SqlType.Text, SqlType.Text, SqlType.Time, SqlType.Text, SqlType.Text,
        SqlType.Text, SqlType.Int64, SqlType.Time, SqlType.Time, SqlType.Time, SqlType.Time, SqlType.Time, SqlType.Int32, SqlType.Int32,
        SqlType.Bool, SqlType.Time,
    ];

    // PostgreSQL: session and consent are held until we commit. Who ends one waits and then finds our grant; if they were first, we find it
    // ended. The client is held by ClientHold, before.
    private static readonly Statement Open = new(
        $"INSERT INTO grants ({Columns}) SELECT {Values} WHERE EXISTS ({Live}) ON CONFLICT (id) DO NOTHING",
        $"INSERT INTO grants ({Columns}) SELECT {Values} FROM ({Live} FOR SHARE OF s) AS live ON CONFLICT (id) DO NOTHING",
        Types);

    // The session first, as who deletes an account does. One row of the consent is enough to hold, for they are withdrawn together: while one that we
    // saw stands, all that we saw stand.
    private static readonly Statement OpenOnConsent = new(
        $"""
         INSERT INTO grants ({Columns}) SELECT {Values} WHERE EXISTS ({Live})
           AND {Covers("""json_each('["' || replace($21, ' ', '","') || '"]') AS asked""", "asked.value")} ON CONFLICT (id) DO NOTHING
         """,
        $"""
         WITH live AS ({Live} FOR SHARE OF s), consented AS ({Consented} AND EXISTS (SELECT 1 FROM live) LIMIT 1 FOR SHARE)
         INSERT INTO grants ({Columns}) SELECT {Values} FROM consented
         WHERE {Covers("regexp_split_to_table($21, ' ') AS asked", "asked")} ON CONFLICT (id) DO NOTHING
         """,
        [.. Types, SqlType.Text]);

    private static readonly Statement Insert = new(
        $"INSERT INTO grants ({Columns}) VALUES ({Values}) ON CONFLICT (id) DO NOTHING", Types);

    private static readonly Statement Exists = new("SELECT 1 FROM grants WHERE id = $1", SqlType.Guid);

    private static readonly Statement Find = new($"SELECT {Columns} FROM grants WHERE id = $1", SqlType.Guid);

    private static readonly Statement Rotate = new(
        """
        UPDATE grants SET counter = $2 + 1, rotated_at = $3, expires_at = $4
        WHERE id = $1 AND counter <= $2 AND revoked_at IS NULL AND expires_at > $3
        """,
        SqlType.Guid, SqlType.Int64, SqlType.Time, SqlType.Time);

    private static readonly Statement End = GrantEnding.Where("id = $4", SqlType.Guid);

    private static readonly Statement RenewStatus = new(
        """
        UPDATE grants SET status_list = $4, status_index = $5
        WHERE id = $1 AND status_list = $2 AND status_index = $3 AND revoked_at IS NULL AND expires_at > $6
        """,
        SqlType.Guid, SqlType.Int32, SqlType.Int32, SqlType.Int32, SqlType.Int32, SqlType.Time);

    private static readonly Statement SetBit = new(
        "INSERT INTO revoked_statuses (list, idx, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        SqlType.Int32, SqlType.Int32, SqlType.Time);

    public async Task<GrantOpening> TryOpenAsync(Grant grant, ScopeSet? consented, CancellationToken cancellationToken)
    {
        var open = consented is null ? Open.With(Encode(grant)) : OpenOnConsent.With([.. Encode(grant), consented.ToString()]);
        if (await database.WriteAllAsync([ClientHold.ToOpen(grant.ClientId), open], cancellationToken) > 0)
        {
            return GrantOpening.Opened;
        }

        var standing = await database.FindAsync(Exists.With(grant.Id), row => row.Int32(0), cancellationToken);
        return standing == 0 ? GrantOpening.Withdrawn : GrantOpening.AlreadyUsed;
    }

    public Task SpendAsync(Grant grant, AuditEvent entry, CancellationToken cancellationToken) =>
        database.WriteAllAsync(
            [Insert.With(Encode(grant with { RevokedAt = entry.At })), End.At(entry.At, grant.Id), AuditTrail.Appending(entry)],
            cancellationToken);

    public Task<Grant?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.FindAsync(Find.With(id), Decode, cancellationToken);

    public async Task<bool> TryRotateAsync(
        Guid id, long counter, DateTimeOffset now, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        await database.WriteAsync(Rotate.With(id, counter, now, expiresAt), cancellationToken) > 0;

    public Task RevokeAsync(Guid id, AuditEvent entry, CancellationToken cancellationToken) =>
        database.WriteAllAsync([End.At(entry.At, id), AuditTrail.Appending(entry)], cancellationToken);

    public Task<bool> RenewStatusAsync(
        Guid id, StatusReference current, StatusReference fresh, AuditEvent entry, CancellationToken cancellationToken) =>
        database.TryWriteAsync(
            RenewStatus.With(id, current.List, current.Index, fresh.List, fresh.Index, entry.At),
            [SetBit.With(current.List, current.Index, entry.At + Retention.AfterEnd), AuditTrail.Appending(entry)],
            cancellationToken);

    /// <summary>Whether the consent has every scope of a list.</summary>
    private static string Covers(string scopes, string scope) =>
        $"NOT EXISTS (SELECT 1 FROM {scopes} WHERE NOT EXISTS ({Consented} AND n.scope = {scope}))";

    private static object?[] Encode(Grant grant) =>
    [
        grant.Id, grant.ClientId, grant.Subject, grant.SessionId, grant.Scope.ToString(), string.Join(' ', grant.Resources),
        grant.AuthTime, grant.Acr, string.Join(' ', grant.Amr), grant.RequestedClaims, grant.Counter, grant.RotatedAt, grant.CreatedAt,
        grant.ExpiresAt, grant.AbsoluteExpiresAt, grant.RevokedAt, grant.Status.List, grant.Status.Index, grant.IsOffline,
        grant.ExpiresAt + Retention.AfterEnd,
    ];

    private static Grant Decode(Row row) => new()
    {
        Id = row.Guid(0),
        ClientId = row.Text(1),
        Subject = row.Text(2),
        SessionId = row.Guid(3),
        Scope = ScopeSet.Of(row.Words(4)),
        Resources = row.Words(5),
        AuthTime = row.Time(6),
        Acr = row.TextOrNull(7),
        Amr = row.Words(8),
        RequestedClaims = row.TextOrNull(9),
        Counter = row.Int64(10),
        RotatedAt = row.TimeOrNull(11),
        CreatedAt = row.Time(12),
        ExpiresAt = row.Time(13),
        AbsoluteExpiresAt = row.Time(14),
        RevokedAt = row.TimeOrNull(15),
        Status = new StatusReference(row.Int32(16), row.Int32(17)),
    };
}
