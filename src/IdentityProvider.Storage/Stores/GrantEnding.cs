using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

/// <summary>
/// The one way grants end before their time: withdrawn and their status bits set by the same statement, whatever their number
/// (architecture 4.3). Grants that expired so long ago that no token of theirs lives are left alone.
/// </summary>
internal static class GrantEnding
{
    /// <summary>A statement that ends the grants for which <paramref name="condition"/> holds; its first own parameter is <c>$4</c>.</summary>
    public static Statement Where(string condition, params SqlType[] parameters)
    {
        var standing = $"{condition} AND revoked_at IS NULL AND expires_at > $3";
        const string Mark = "UPDATE grants SET revoked_at = $1, purge_at = $2 WHERE";
        const string SetBits = "INSERT INTO revoked_statuses (list, idx, expires_at) SELECT status_list, status_index, $2 FROM";

        // List 0 is the clients': a grant that was never given an index must not withdraw a client's tokens.
        return new Statement(
            $"{SetBits} grants WHERE {standing} AND status_list > 0 ON CONFLICT DO NOTHING; {Mark} {standing}",
            $"""
             WITH ended AS ({Mark} {standing} RETURNING status_list, status_index)
             {SetBits} ended WHERE status_list > 0 ON CONFLICT DO NOTHING
             """,
            [SqlType.Time, SqlType.Time, SqlType.Time, .. parameters]);
    }

    public static SqlCall At(this Statement ending, DateTimeOffset now, params object?[] values) =>
        ending.With([now, now + Retention.AfterEnd, now - Retention.AfterEnd, .. values]);
}
