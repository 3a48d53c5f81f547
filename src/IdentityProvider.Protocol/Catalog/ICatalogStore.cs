using IdentityProvider.Protocol.Clients;

namespace IdentityProvider.Protocol.Catalog;

/// <summary>Clients, scopes and resources: read from a snapshot in memory, written to the database.</summary>
public interface ICatalogStore
{
    /// <summary>The present snapshot; never touches the database. <see cref="CatalogSnapshot.Empty"/> before the first load.</summary>
    CatalogSnapshot Current { get; }

    /// <summary>Loads the snapshot again when the database has a newer version. One cheap read when it has not.</summary>
    Task RefreshAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Adds or replaces in one transaction, and loads the snapshot again when anything changed. What is equal already is not written.
    /// A client that becomes disabled has its status bit set and its grants ended; one that becomes enabled again gets a fresh status.
    /// <see cref="Client.Status"/> of the argument is ignored.
    /// </summary>
    Task SaveAsync(
        IReadOnlyCollection<Client> clients,
        IReadOnlyCollection<Scope> scopes,
        IReadOnlyCollection<ApiResource> resources,
        DateTimeOffset now,
        CancellationToken cancellationToken);
}
