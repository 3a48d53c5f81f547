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

    /// <summary>Above this many changes since, everything is read again.</summary>
    private const int MostChanges = 200;

    private static readonly Statement ChangedClients = new(
        $"SELECT {ClientColumns}, catalog_version FROM clients WHERE catalog_version > $1", SqlType.Int64);

    private static readonly Statement ChangedSecrets = new(
        """
        SELECT client_id, hash, expires_at FROM client_secrets
        WHERE client_id IN (SELECT client_id FROM clients WHERE catalog_version > $1) ORDER BY client_id, hash
        """,
        SqlType.Int64);

    private static readonly Statement Scopes = new("SELECT metadata FROM scopes");

    private static readonly Statement Resources = new("SELECT metadata FROM resources");

    private static readonly Statement NextStatus = new("SELECT next_index FROM status_lists WHERE id = $1", SqlType.Int32);

    /// <summary>The version is read before and after: what lies between belongs to it.</summary>
    public static async Task<CatalogState> ReadAsync(IDatabase database, CancellationToken cancellationToken)
    {
        while (true)
        {
            var version = await GetVersionAsync(database, cancellationToken);
            var secrets = await ListSecretsAsync(database, Secrets.With(), cancellationToken);
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

    /// <summary>
    /// A snapshot with what clients changed about themselves since, so that one that registers costs one row and not the whole catalog. Each such
    /// change leaves the version it made at its client; where a version is missing, something else was changed, and the answer is null.
    /// </summary>
    public static async Task<CatalogSnapshot?> TryCatchUpAsync(IDatabase database, CatalogSnapshot known, CancellationToken cancellationToken)
    {
        while (true)
        {
            var version = await GetVersionAsync(database, cancellationToken);
            if (version - known.Version > MostChanges)
            {
                return null;
            }

            var secrets = await ListSecretsAsync(database, ChangedSecrets.With(known.Version), cancellationToken);
            var changed = await database.ListAsync(
                ChangedClients.With(known.Version), row => (Version: row.Int64(5), Client: DecodeClient(row, secrets[row.Text(0)])), cancellationToken);
            if (version != await GetVersionAsync(database, cancellationToken))
            {
                continue;
            }

            // Versions differ from each other and lie above the known one, so that their number tells whether one is missing.
            return changed.Count == version - known.Version ? known.With(version, [.. changed.Select(pair => pair.Client)]) : null;
        }
    }

    public static Task<long> GetVersionAsync(IDatabase database, CancellationToken cancellationToken) =>
        Settings.GetAsync(database, SettingRow.CatalogVersion, cancellationToken);

    /// <summary>Two columns: hash and end.</summary>
    public static ClientSecret DecodeSecret(Row row, int first) => new(row.Bytes(first), row.TimeOrNull(first + 1));

    private static async Task<ILookup<string, ClientSecret>> ListSecretsAsync(IDatabase database, SqlCall call, CancellationToken cancellationToken) =>
        (await database.ListAsync(call, row => (ClientId: row.Text(0), Secret: DecodeSecret(row, 1)), cancellationToken))
        .ToLookup(pair => pair.ClientId, pair => pair.Secret, StringComparer.Ordinal);

    public static Client DecodeClient(Row row, IEnumerable<ClientSecret> secrets) => CatalogJson.Read<Client>(row.Text(1)) with
    {
        Enabled = row.Bool(2),
        Status = new StatusReference(row.Int32(3), row.Int32(4)),
        Secrets = [.. secrets],
    };
}
