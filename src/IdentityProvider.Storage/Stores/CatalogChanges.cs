using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Storage.Rows;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

/// <summary>The statements that lead from a catalog as it stands to what it shall hold. None when it holds that already.</summary>
internal sealed class CatalogChanges(CatalogState state, DateTimeOffset now)
{
    private static readonly Statement PutClient = new(
        """
        INSERT INTO clients (client_id, metadata, enabled, status_list, status_index, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
        ON CONFLICT (client_id) DO UPDATE SET metadata = excluded.metadata, enabled = excluded.enabled, status_list = excluded.status_list,
          status_index = excluded.status_index, updated_at = excluded.updated_at
        """,
        SqlType.Text, SqlType.Json, SqlType.Bool, SqlType.Int32, SqlType.Int32, SqlType.Time);

    /// <summary>A client that the operator takes over is no longer its registrant's, and does not expire.</summary>
    private static readonly Statement TakeOver = new(
        "UPDATE clients SET registration_token_hash = NULL, unused_until = NULL WHERE client_id = $1", SqlType.Text);

    private static readonly Statement RemoveSecrets = new("DELETE FROM client_secrets WHERE client_id = $1", SqlType.Text);

    private static readonly Statement AddSecret = new(
        "INSERT INTO client_secrets (client_id, hash, expires_at) VALUES ($1, $2, $3)", SqlType.Text, SqlType.Bytes, SqlType.Time);

    private static readonly Statement PutScope = new(
        """
        INSERT INTO scopes (name, metadata, created_at, updated_at) VALUES ($1, $2, $3, $3)
        ON CONFLICT (name) DO UPDATE SET metadata = excluded.metadata, updated_at = excluded.updated_at
        """,
        SqlType.Text, SqlType.Json, SqlType.Time);

    private static readonly Statement PutResource = new(
        """
        INSERT INTO resources (identifier, metadata, created_at, updated_at) VALUES ($1, $2, $3, $3)
        ON CONFLICT (identifier) DO UPDATE SET metadata = excluded.metadata, updated_at = excluded.updated_at
        """,
        SqlType.Text, SqlType.Json, SqlType.Time);

    private static readonly Statement SetClientBit = new(
        "INSERT INTO revoked_statuses (list, idx, expires_at) VALUES ($1, $2, NULL) ON CONFLICT DO NOTHING", SqlType.Int32, SqlType.Int32);

    private static readonly Statement SetNextStatus = new(
        "UPDATE status_lists SET next_index = $2 WHERE id = $1", SqlType.Int32, SqlType.Int32);

    private static readonly Statement EndGrants = GrantEnding.Where("client_id = $4", SqlType.Text);

    private readonly Dictionary<string, Client> _clients = state.Snapshot.Clients.ToDictionary(client => client.ClientId, StringComparer.Ordinal);
    private readonly Dictionary<string, Scope> _scopes = state.Snapshot.Scopes.ToDictionary(scope => scope.Name, StringComparer.Ordinal);

    private readonly Dictionary<string, ApiResource> _resources =
        state.Snapshot.Resources.ToDictionary(resource => resource.Identifier, StringComparer.Ordinal);

    private readonly List<SqlCall> _calls = [];
    private int _nextStatus = state.NextClientStatus;

    public IReadOnlyList<SqlCall> ToHold(
        IReadOnlyCollection<Client> clients, IReadOnlyCollection<Scope> scopes, IReadOnlyCollection<ApiResource> resources)
    {
        _calls.AddRange(clients.Where(IsDisabled).Select(client => ClientHold.ToEnd(client.ClientId)));
        foreach (var client in clients)
        {
            Put(client);
        }

        foreach (var scope in scopes.Where(scope => IsNew(_scopes, scope.Name, scope)))
        {
            _calls.Add(PutScope.With(scope.Name, CatalogJson.Write(scope), now));
        }

        foreach (var resource in resources.Where(resource => IsNew(_resources, resource.Identifier, resource)))
        {
            _calls.Add(PutResource.With(resource.Identifier, CatalogJson.Write(resource), now));
        }

        if (_nextStatus != state.NextClientStatus)
        {
            _calls.Add(SetNextStatus.With(StatusListRow.ClientList, _nextStatus));
        }

        return _calls;
    }

    private bool IsDisabled(Client client) => !client.Enabled && _clients.GetValueOrDefault(client.ClientId) is { Enabled: true };

    private void Put(Client client)
    {
        var present = _clients.GetValueOrDefault(client.ClientId);
        if (present is not null && present.Enabled == client.Enabled && HasSameSecrets(present, client) && !IsNew(_clients, client.ClientId, client))
        {
            return;
        }

        if (IsDisabled(client))
        {
            _calls.Add(EndGrants.At(now, client.ClientId));
            if (!present!.Status.IsNone)
            {
                _calls.Add(SetClientBit.With(present.Status.List, present.Status.Index));
            }
        }

        var isEnabledAgain = present is { Enabled: false } && client.Enabled;
        var status = present is null || present.Status.IsNone || isEnabledAgain ? Allocate() : present.Status;
        _calls.Add(PutClient.With(client.ClientId, CatalogJson.Write(client), client.Enabled, status.List, status.Index, now));
        if (present is { IsSelfRegistered: true } && !client.IsSelfRegistered)
        {
            _calls.Add(TakeOver.With(client.ClientId));
        }

        if (present is null || !HasSameSecrets(present, client))
        {
            _calls.Add(RemoveSecrets.With(client.ClientId));
            _calls.AddRange(client.Secrets.Select(secret => AddSecret.With(client.ClientId, secret.Hash, secret.ExpiresAt)));
        }
    }

    /// <summary>Clients of one catalog change are written by one caller at a time, so the next index is ours.</summary>
    private StatusReference Allocate() => _nextStatus < IStatusListStore.ListLength
        ? new StatusReference(StatusListRow.ClientList, _nextStatus++)
        : throw new InvalidOperationException("the status list of clients is full");

    private static bool IsNew<T>(Dictionary<string, T> present, string key, T value) =>
        !present.TryGetValue(key, out var standing) ||
        !string.Equals(CatalogJson.Write(standing), CatalogJson.Write(value), StringComparison.Ordinal);

    private static bool HasSameSecrets(Client one, Client other) =>
        one.Secrets.Count == other.Secrets.Count &&
        one.Secrets.All(secret => other.Secrets.Any(candidate =>
            candidate.ExpiresAt == secret.ExpiresAt && candidate.Hash.Span.SequenceEqual(secret.Hash.Span)));
}
