using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Storage.Rows;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class CatalogStore(IDatabase database) : ICatalogStore, IDisposable
{
    private readonly SemaphoreSlim _loading = new(1, 1);
    private CatalogSnapshot _current = CatalogSnapshot.Empty;
    private bool _isLoaded;

    public CatalogSnapshot Current => Volatile.Read(ref _current);

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var version = await CatalogState.GetVersionAsync(database, cancellationToken);
        if (Holds(version))
        {
            return;
        }

        await _loading.WaitAsync(cancellationToken);
        try
        {
            // Many changes at once are read together: whoever loaded while we waited read ours too.
            if (Holds(version))
            {
                return;
            }

            var snapshot = _isLoaded ? await CatalogState.TryCatchUpAsync(database, _current, cancellationToken) : null;
            Take(snapshot ?? (await CatalogState.ReadAsync(database, cancellationToken)).Snapshot);
        }
        finally
        {
            _loading.Release();
        }
    }

    public async Task SaveAsync(
        IReadOnlyCollection<Client> clients,
        IReadOnlyCollection<Scope> scopes,
        IReadOnlyCollection<ApiResource> resources,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = await CatalogState.ReadAsync(database, cancellationToken);
            var calls = new CatalogChanges(state, now).ToHold(clients, scopes, resources);
            if (calls.Count == 0)
            {
                await TakeAsync(state.Snapshot, cancellationToken);
                return;
            }

            // Who moves the version on may write; the others compare again with what that one wrote.
            var turn = Settings.AdvanceFrom(SettingRow.CatalogVersion, state.Snapshot.Version);
            if (await database.TryWriteAsync(turn, calls, cancellationToken))
            {
                await RefreshAsync(cancellationToken);
                return;
            }
        }
    }

    public void Dispose() => _loading.Dispose();

    private async Task TakeAsync(CatalogSnapshot snapshot, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            Take(snapshot);
        }
        finally
        {
            _loading.Release();
        }
    }

    private bool Holds(long version) => Volatile.Read(ref _isLoaded) && Current.Version >= version;

    /// <summary>An older one that was read before a newer one never replaces it.</summary>
    private void Take(CatalogSnapshot snapshot)
    {
        if (!_isLoaded || snapshot.Version > _current.Version)
        {
            Volatile.Write(ref _current, snapshot);
            Volatile.Write(ref _isLoaded, true);
        }
    }
}
