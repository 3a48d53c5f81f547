using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

/// <summary>
/// Queues one outbox row for each client of the sessions that end in the same transaction, whatever their number. A session's clients are
/// those it has grants of, standing or not.
/// </summary>
internal static class LogoutNotices
{
    /// <summary>
    /// Runs after the sessions (<c>s</c>) were ended at <c>$1</c> and before their grants are; the condition's own parameter is <c>$4</c>.
    /// </summary>
    public static Statement Where(string condition, params SqlType[] parameters)
    {
        string Insert(string id) =>
            $"""
             INSERT INTO outbox (id, kind, client_id, session_id, subject, created_at, next_attempt_at, attempts)
             SELECT {id}, $3, told.client_id, told.session_id, told.subject, $1, $1, 0
             FROM (SELECT DISTINCT g.client_id, g.session_id, s.subject FROM sessions s
                     JOIN grants g ON g.subject = s.subject AND g.session_id = s.id
                   WHERE {condition} AND s.ended_at = $1) AS told
               JOIN clients c ON c.client_id = told.client_id
             WHERE c.enabled AND c.metadata ->> 'backchannel_logout_uri' IS NOT NULL
             ON CONFLICT DO NOTHING
             """;

        // Text and blob are joined byte by byte on SQLite; PostgreSQL reads the digits.
        return new Statement(
            Insert("CAST($2 || randomblob(7) AS BLOB)"),
            Insert("encode($2 || substr(uuid_send(gen_random_uuid()), 10), 'hex')::uuid"),
            [SqlType.Time, SqlType.Bytes, SqlType.Text, .. parameters]);
    }

    public static SqlCall At(Statement notices, DateTimeOffset now, object key) =>
        notices.With(now, Version7.Prefix(now), OutboxKinds.BackchannelLogout, key);
}
