using IdentityProvider.Protocol.Audit;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class AuditTrail(IDatabase database) : IAuditTrail
{
    private static readonly Statement Append = new(
        """
        INSERT INTO audit_events (id, type, at, subject, client_id, grant_id, session_id, remote_address, detail)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        SqlType.Guid, SqlType.Text, SqlType.Time, SqlType.Text, SqlType.Text, SqlType.Guid, SqlType.Guid, SqlType.Text, SqlType.Text);

    /// <summary>What appends an event; for those who do it together with something else.</summary>
    public static SqlCall Appending(AuditEvent entry) => Append.With(
        Guid.CreateVersion7(entry.At), entry.Type, entry.At, entry.Subject, entry.ClientId, entry.GrantId, entry.SessionId, entry.RemoteAddress,
        entry.Detail);

    public Task AppendAsync(AuditEvent entry, CancellationToken cancellationToken) =>
        database.WriteAsync(Appending(entry), cancellationToken);
}
