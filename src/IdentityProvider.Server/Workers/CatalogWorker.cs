using IdentityProvider.Protocol.Catalog;

namespace IdentityProvider.Server.Workers;

/// <summary>
/// Takes over what other nodes or commands changed in clients, scopes and resources: one cheap read twice a second, so that no node is a
/// second behind. While the database is away the catalog in memory stays in use.
/// </summary>
internal sealed class CatalogWorker(ICatalogStore catalog, TimeProvider clock, ILogger<CatalogWorker> logger) : Worker
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override Task WorkAsync(CancellationToken stoppingToken) => Rounds.RunAsync(
        Interval, clock, catalog.RefreshAsync, fault => Log.CatalogNotRefreshed(logger, fault), stoppingToken);
}
