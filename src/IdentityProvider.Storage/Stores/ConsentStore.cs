using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class ConsentStore(IDatabase database) : IConsentStore
{
    private const string Columns = "subject, client_id, scope, created_at, updated_at";

    private static readonly Statement Find = new(
        $"SELECT {Columns} FROM consents WHERE subject = $1 AND client_id = $2 ORDER BY created_at, scope", SqlType.Text, SqlType.Text);

    private static readonly Statement List = new(
        $"SELECT {Columns} FROM consents WHERE subject = $1 ORDER BY client_id, created_at, scope", SqlType.Text);

    // Scope tokens hold neither space, quote nor backslash (RFC 6749 §3.3), so the list becomes a JSON array by replacing the spaces.
    // In the order of the key, so that two at once take their locks alike.
    private static readonly Statement Allow = new(
        $"""
         INSERT INTO consents ({Columns}) SELECT $1, $2, value, $4, $4 FROM json_each('["' || replace($3, ' ', '","') || '"]')
         WHERE TRUE ON CONFLICT (subject, client_id, scope) DO UPDATE SET updated_at = excluded.updated_at
         """,
        $"""
         INSERT INTO consents ({Columns}) SELECT $1, $2, token, $4, $4 FROM regexp_split_to_table($3, ' ') AS token ORDER BY token
         ON CONFLICT (subject, client_id, scope) DO UPDATE SET updated_at = excluded.updated_at
         """,
        SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Time);

    private static readonly Statement Delete = new(
        "DELETE FROM consents WHERE subject = $1 AND client_id = $2", SqlType.Text, SqlType.Text);

    // What a device was allowed and has not fetched yet.
    private static readonly Statement DeleteDeviceAuthorizations = new(
        "DELETE FROM device_authorizations WHERE subject = $1 AND client_id = $2", SqlType.Text, SqlType.Text);

    private static readonly Statement EndGrants = GrantEnding.Where("subject = $4 AND client_id = $5", SqlType.Text, SqlType.Text);

    /// <summary>What remembers a consent; for those who do it together with something else.</summary>
    public static SqlCall Allowing(string subject, string clientId, ScopeSet scope, DateTimeOffset now) =>
        Allow.With(subject, clientId, scope.ToString(), now);

    public async Task<Consent?> FindAsync(string subject, string clientId, CancellationToken cancellationToken)
    {
        var rows = await database.ListAsync(Find.With(subject, clientId), Decode, cancellationToken);
        return rows.Count == 0 ? null : Merge(rows);
    }

    public Task AllowAsync(string subject, string clientId, ScopeSet scope, AuditEvent entry, CancellationToken cancellationToken) =>
        database.WriteAllAsync([Allowing(subject, clientId, scope, entry.At), AuditTrail.Appending(entry)], cancellationToken);

    public Task WithdrawAsync(string subject, string clientId, AuditEvent entry, CancellationToken cancellationToken) =>
        database.WriteAllAsync(
            [
                Delete.With(subject, clientId), DeleteDeviceAuthorizations.With(subject, clientId), EndGrants.At(entry.At, subject, clientId),
                AuditTrail.Appending(entry),
            ],
            cancellationToken);

    public async Task<IReadOnlyList<Consent>> ListAsync(string subject, CancellationToken cancellationToken)
    {
        var rows = await database.ListAsync(List.With(subject), Decode, cancellationToken);
        return [.. rows.GroupBy(row => row.ClientId, StringComparer.Ordinal).Select(Merge)];
    }

    private static Consent Merge(IEnumerable<Consent> rows) => rows.Aggregate((one, next) => one with
    {
        Scope = one.Scope.Union(next.Scope),
        CreatedAt = one.CreatedAt < next.CreatedAt ? one.CreatedAt : next.CreatedAt,
        UpdatedAt = one.UpdatedAt > next.UpdatedAt ? one.UpdatedAt : next.UpdatedAt,
    });

    private static Consent Decode(Row row) => new()
    {
        Subject = row.Text(0),
        ClientId = row.Text(1),
        Scope = ScopeSet.Of(row.Words(2)),
        CreatedAt = row.Time(3),
        UpdatedAt = row.Time(4),
    };
}
