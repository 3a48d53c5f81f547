using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Storage.Rows;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

/// <summary>The catalog as it stands in the database at one version.</summary>
internal sealed record CatalogState(CatalogSnapshot Snapshot, int NextClientStatus)
{
    /// <summary>What <see cref="DecodeClient"/> reads, in its order.</summary>
    public const string ClientColumns = "client_id, metadata, enabled, status_list, status_index";

    private static readonly Statement Clients = new($"SELECT {ClientColumns} FROM clients");

    private static readonly Statement Secrets = new("SELECT client_id, hash, expires_at FROM client_secrets ORDER BY client_id, hash");

    private static readonly Statement Scopes = new("SELECT metadata FROM scopes");

    private static readonly Statement Resources = new("SELECT metadata FROM resources");

    private static readonly Statement NextStatus = new("SELECT next_index FROM status_lists WHERE id = $1", SqlType.Int32);

    /// <summary>The version is read before and after: what lies between belongs to it.</summary>
    public static async Task<CatalogState> ReadAsync(IDatabase database, CancellationToken cancellationToken)
    {
        while (true)
        {
            var version = await GetVersionAsync(database, cancellationToken);
            var secrets = (await database.ListAsync(Secrets.With(), row => (ClientId: row.Text(0), Secret: DecodeSecret(row, 1)), cancellationToken))
                .ToLookup(pair => pair.ClientId, pair => pair.Secret, StringComparer.Ordinal);
            var clients = await database.ListAsync(Clients.With(), row => DecodeClient(row, secrets[row.Text(0)]), cancellationToken);
            var scopes = await database.ListAsync(Scopes.With(), row => CatalogJson.Read<Scope>(row.Text(0)), cancellationToken);
            var resources = await database.ListAsync(Resources.With(), row => CatalogJson.Read<ApiResource>(row.Text(0)), cancellationToken);
            var next = await database.FindAsync(NextStatus.With(StatusListRow.ClientList), row => row.Int32(0), cancellationToken);
            if (version == await GetVersionAsync(database, cancellationToken))
            {
                return new CatalogState(new CatalogSnapshot(version, clients, scopes, resources), next);
            }
        }
    }

    public static Task<long> GetVersionAsync(IDatabase database, CancellationToken cancellationToken) =>
        Settings.GetAsync(database, SettingRow.CatalogVersion, cancellationToken);

    /// <summary>Two columns: hash and end.</summary>
    public static ClientSecret DecodeSecret(Row row, int first) => new(row.Bytes(first), row.TimeOrNull(first + 1));

    public static Client DecodeClient(Row row, IEnumerable<ClientSecret> secrets) => CatalogJson.Read<Client>(row.Text(1)) with
    {
        Enabled = row.Bool(2),
        Status = new StatusReference(row.Int32(3), row.Int32(4)),
        Secrets = [.. secrets],
    };
}
