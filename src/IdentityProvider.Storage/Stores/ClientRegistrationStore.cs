using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Registration;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Storage.Rows;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class ClientRegistrationStore(IDatabase database) : IClientRegistrationStore
{
    private static readonly Statement Count = new("SELECT count(*) FROM clients WHERE registration_token_hash IS NOT NULL");

    private static readonly Statement Find = new(
        $"""
         SELECT {CatalogState.ClientColumns}, registration_token_hash, created_at
         FROM clients WHERE client_id = $1 AND registration_token_hash IS NOT NULL
         """,
        SqlType.Text);

    private static readonly Statement FindSecrets = new(
        "SELECT hash, expires_at FROM client_secrets WHERE client_id = $1 ORDER BY hash", SqlType.Text);

    private static readonly Statement Insert = new(
        """
        INSERT INTO clients
          (client_id, metadata, enabled, status_list, status_index, created_at, updated_at, registration_token_hash, unused_until)
        VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)
        """,
        SqlType.Text, SqlType.Json, SqlType.Bool, SqlType.Int32, SqlType.Int32, SqlType.Time, SqlType.Bytes, SqlType.Time);

    private static readonly Statement Replace = new(
        """
        UPDATE clients SET metadata = $3, registration_token_hash = $4, updated_at = $5
        WHERE client_id = $1 AND registration_token_hash = $2 AND enabled
        """,
        SqlType.Text, SqlType.Bytes, SqlType.Json, SqlType.Bytes, SqlType.Time);

    private static readonly Statement RemoveSecrets = new("DELETE FROM client_secrets WHERE client_id = $1", SqlType.Text);

    private static readonly Statement AddSecret = new(
        "INSERT INTO client_secrets (client_id, hash, expires_at) VALUES ($1, $2, $3)", SqlType.Text, SqlType.Bytes, SqlType.Time);

    // First taken, then counted: a list that is full gives nothing. Nobody else is at it, for the catalog's version is held.
    private static readonly Statement TakeStatus = new(
        """
        UPDATE clients SET status_list = $2, status_index = (SELECT next_index FROM status_lists WHERE id = $2)
        WHERE client_id = $1 AND status_index < 0 AND EXISTS (SELECT 1 FROM status_lists WHERE id = $2 AND next_index < $3)
        """,
        SqlType.Text, SqlType.Int32, SqlType.Int32);

    private static readonly Statement CountStatus = new(
        """
        UPDATE status_lists SET next_index = next_index + 1
        WHERE id = $2 AND EXISTS (SELECT 1 FROM clients WHERE client_id = $1 AND status_list = $2 AND status_index = status_lists.next_index)
        """,
        SqlType.Text, SqlType.Int32);

    // After the version was moved on, which holds it to the end of the transaction: so nodes can read this client alone.
    private static readonly Statement Stamp = new(
        "UPDATE clients SET catalog_version = (SELECT value FROM settings WHERE name = $2) WHERE client_id = $1", SqlType.Text, SqlType.Text);

    private static readonly Statement Release = new(
        "UPDATE clients SET registration_token_hash = NULL WHERE client_id = $1 AND registration_token_hash = $2", SqlType.Text, SqlType.Bytes);

    private static readonly Statement MarkUsed = new(
        "UPDATE clients SET unused_until = NULL WHERE client_id = $1 AND unused_until IS NOT NULL", SqlType.Text);

    public async Task<int> CountAsync(CancellationToken cancellationToken) =>
        (int)await database.FindAsync(Count.With(), row => row.Int64(0), cancellationToken);

    public Task<bool> TryAddAsync(NewRegistration registration, CancellationToken cancellationToken)
    {
        var client = registration.Client;
        var insert = Insert.With(
            client.ClientId, CatalogJson.Write(client), client.Enabled, StatusReference.None.List, StatusReference.None.Index,
            registration.IssuedAt, registration.TokenHash.ToArray(), registration.UnusedUntil);
        var advance = Settings.Advance(SettingRow.CatalogVersion);
        SqlCall[] rest = [insert, .. SecretsOf(client), .. StatusOf(client), StampOf(client)];
        return registration.InitialTokenHash is { } initial
            ? database.TryWriteAsync(InitialAccessTokenStore.Using(initial, registration.IssuedAt), [advance, .. rest], cancellationToken)
            : database.TryWriteAsync(advance, rest, cancellationToken);
    }

    public async Task<RegisteredClient?> FindAsync(string clientId, CancellationToken cancellationToken)
    {
        var secrets = await database.ListAsync(FindSecrets.With(clientId), row => CatalogState.DecodeSecret(row, 0), cancellationToken);
        return await database.FindAsync(
            Find.With(clientId),
            row => new RegisteredClient(CatalogState.DecodeClient(row, secrets), row.Bytes(5), row.Time(6)),
            cancellationToken);
    }

    public Task<bool> TryReplaceAsync(
        Client client, ReadOnlyMemory<byte> presented, ReadOnlyMemory<byte> successor, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.TryWriteAsync(
            Replace.With(client.ClientId, presented.ToArray(), CatalogJson.Write(client), successor.ToArray(), now),
            [
                Settings.Advance(SettingRow.CatalogVersion), RemoveSecrets.With(client.ClientId), .. SecretsOf(client), .. StatusOf(client),
                StampOf(client),
            ],
            cancellationToken);

    public Task<bool> TryDeleteAsync(string clientId, ReadOnlyMemory<byte> presented, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.TryWriteAsync(Release.With(clientId, presented.ToArray()), ClientRemoval.Of(clientId, now), cancellationToken);

    public Task MarkUsedAsync(string clientId, CancellationToken cancellationToken) =>
        database.WriteAsync(MarkUsed.With(clientId), cancellationToken);

    private static IEnumerable<SqlCall> SecretsOf(Client client) =>
        client.Secrets.Select(secret => AddSecret.With(client.ClientId, secret.Hash.ToArray(), secret.ExpiresAt));

    private static SqlCall StampOf(Client client) => Stamp.With(client.ClientId, SettingRow.CatalogVersion);

    /// <summary>Only who may have tokens for itself needs a bit; the version of the catalog, moved on before, keeps others from the list.</summary>
    private static SqlCall[] StatusOf(Client client) => client.Allows(GrantTypeNames.ClientCredentials)
        ?
        [
            TakeStatus.With(client.ClientId, StatusListRow.ClientList, IStatusListStore.ListLength),
            CountStatus.With(client.ClientId, StatusListRow.ClientList),
        ]
        : [];
}
