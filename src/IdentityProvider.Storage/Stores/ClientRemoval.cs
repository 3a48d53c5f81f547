using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

/// <summary>What takes a self-registered client away, after a guard that let one caller do it. Secrets go with the row.</summary>
internal static class ClientRemoval
{
    private static readonly Statement SetBit = new(
        """
        INSERT INTO revoked_statuses (list, idx, expires_at)
        SELECT status_list, status_index, $2 FROM clients WHERE client_id = $1 AND status_index >= 0 ON CONFLICT DO NOTHING
        """,
        SqlType.Text, SqlType.Time);

    // Grants have no index by client (GrantRow): the table is read only for clients that ever had a token, so that strangers who register
    // and delete do not make us read it over and over.
    private static readonly Statement EndGrants = GrantEnding.Where(
        "client_id = $4 AND EXISTS (SELECT 1 FROM clients WHERE client_id = $4 AND unused_until IS NULL)", SqlType.Text);

    private static readonly Statement DeleteConsents = new("DELETE FROM consents WHERE client_id = $1", SqlType.Text);

    private static readonly Statement DeleteDevices = new("DELETE FROM device_authorizations WHERE client_id = $1", SqlType.Text);

    private static readonly Statement Delete = new("DELETE FROM clients WHERE client_id = $1", SqlType.Text);

    public static IReadOnlyList<SqlCall> Of(string clientId, DateTimeOffset now) =>
    [
        Settings.Advance(Rows.SettingRow.CatalogVersion),
        ClientHold.ToEnd(clientId),
        SetBit.With(clientId, now + Retention.AfterEnd),
        EndGrants.At(now, clientId),
        DeleteConsents.With(clientId),
        DeleteDevices.With(clientId),
        Delete.With(clientId),
    ];
}
