using IdentityProvider.Protocol.Audit;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class AuditTrail(IDatabase database) : IAuditTrail
{
    private static readonly Statement Append = AppendingWhere("TRUE");

    /// <summary>What appends an event; for those who do it together with something else.</summary>
    public static SqlCall Appending(AuditEvent entry) => Appending(Append, entry);

    /// <summary>The same, on a condition: <see cref="AppendingWhere"/>.</summary>
    public static SqlCall Appending(Statement statement, AuditEvent entry, params object?[] values) => statement.With(
    [
        Guid.CreateVersion7(entry.At), entry.Type, entry.At, entry.Subject, entry.ClientId, entry.GrantId, entry.SessionId, entry.RemoteAddress,
        entry.Detail, .. values,
    ]);

    /// <summary>A statement that appends an event if <paramref name="condition"/> holds, whose first own parameter is <c>$10</c>.</summary>
    public static Statement AppendingWhere(string condition, params SqlType[] parameters) => new(
        $"""
         INSERT INTO audit_events (id, type, at, subject, client_id, grant_id, session_id, remote_address, detail)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 WHERE {condition}
         """,
        [
            SqlType.Guid, SqlType.Text, SqlType.Time, SqlType.Text, SqlType.Text, SqlType.Guid, SqlType.Guid, SqlType.Text, SqlType.Text,
            .. parameters,
        ]);

    public Task AppendAsync(AuditEvent entry, CancellationToken cancellationToken) =>
        database.WriteAsync(Appending(entry), cancellationToken);
}
