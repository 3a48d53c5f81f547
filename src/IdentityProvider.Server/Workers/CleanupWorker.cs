using IdentityProvider.Storage.Cleanup;

namespace IdentityProvider.Server.Workers;

/// <summary>Deletes what expired, every five minutes; with many nodes one of them does.</summary>
internal sealed class CleanupWorker(ExpiredRowCleanup cleanup, TimeProvider clock, ILogger<CleanupWorker> logger) : Worker
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    protected override Task WorkAsync(CancellationToken stoppingToken) => Rounds.RunAsync(
        Interval, clock, cleanup.RunOnceAsync, fault => Log.CleanupFailed(logger, fault), stoppingToken);
}
