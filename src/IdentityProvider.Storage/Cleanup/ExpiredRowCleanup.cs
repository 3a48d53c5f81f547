using IdentityProvider.Storage.Statements;
using IdentityProvider.Storage.Stores;

namespace IdentityProvider.Storage.Cleanup;

/// <summary>
/// Deletes what expired, in small batches so that nobody waits for it, on one node of the cluster at a time. Call it every few minutes;
/// what one round does not reach waits for the next.
/// </summary>
public sealed class ExpiredRowCleanup
{
    private const int BatchSize = 500;
    private const int BatchesPerTable = 200;

    private readonly IDatabase _database;
    private readonly ICleanupElection _election;
    private readonly TimeProvider _time;
    private readonly TimeSpan _auditRetention;

    internal ExpiredRowCleanup(IDatabase database, ICleanupElection election, TimeProvider time, TimeSpan auditRetention)
    {
        _database = database;
        _election = election;
        _time = time;
        _auditRetention = auditRetention;
    }

    /// <summary>One round over all tables. Null when another node is at it.</summary>
    public async Task<CleanupReport?> RunOnceAsync(CancellationToken cancellationToken)
    {
        CleanupReport? report = null;
        await _election.TryRunAsync(async () => report = await RunAsync(cancellationToken), cancellationToken);
        return report;
    }

    private async Task<CleanupReport> RunAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        return new CleanupReport
        {
            UsedJti = await RepeatAsync(CleanupStatements.DeleteJtiAt(now, BatchSize), cancellationToken),
            DeviceAuthorizations = await RepeatAsync(CleanupStatements.DeleteDeviceAuthorizations.With(now, BatchSize), cancellationToken),
            Attempts = await RepeatAsync(CleanupStatements.DeleteAttemptsAt(now, BatchSize), cancellationToken),
            Devices = await RepeatAsync(CleanupStatements.DeleteDevices.With(now, BatchSize), cancellationToken),
            InitialAccessTokens = await RepeatAsync(CleanupStatements.DeleteInitialAccessTokens.With(now, BatchSize), cancellationToken),
            Clients = await RemoveUnusedClientsAsync(now, cancellationToken),
            Grants = await PurgeAsync(CleanupStatements.Grants, now, cancellationToken),
            Sessions = await PurgeAsync(CleanupStatements.Sessions, now, cancellationToken),
            StatusBits = await ForgetBitsAsync(now, cancellationToken),
            Deliveries = await RepeatAsync(CleanupStatements.DeleteDeliveriesAt(now, BatchSize), cancellationToken),
            AuditEvents = await RepeatAsync(CleanupStatements.DeleteAuditEventsAt(now, _auditRetention, BatchSize), cancellationToken),
            StatusLists = await _database.WriteAsync(CleanupStatements.DeleteListsAt(now), cancellationToken),
        };
    }

    private async Task<int> RepeatAsync(SqlCall deletion, CancellationToken cancellationToken)
    {
        var total = 0;
        for (var batch = 0; batch < BatchesPerTable; batch++)
        {
            var deleted = await _database.WriteAsync(deletion, cancellationToken);
            total += deleted;
            if (deleted < BatchSize)
            {
                break;
            }
        }

        return total;
    }

    /// <summary>Of the rows that are due, those that live are put off and the dead ones deleted, until none is due.</summary>
    private async Task<int> PurgeAsync(CleanupStatements.Purge purge, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var total = 0;
        for (var batch = 0; batch < BatchesPerTable; batch++)
        {
            var postponed = await _database.WriteAsync(purge.PostponeAt(now, BatchSize), cancellationToken);
            var deleted = await _database.WriteAsync(purge.DeleteAt(now, BatchSize), cancellationToken);
            total += deleted;
            if (postponed + deleted == 0)
            {
                break;
            }
        }

        return total;
    }

    private async Task<int> RemoveUnusedClientsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var unused = await _database.ListAsync(
            CleanupStatements.ListUnusedClients.With(now, BatchSize), row => row.Text(0), cancellationToken);
        var removed = 0;
        foreach (var clientId in unused)
        {
            var guard = CleanupStatements.ReleaseUnusedClient.With(clientId, now);
            removed += await _database.TryWriteAsync(guard, ClientRemoval.Of(clientId, now), cancellationToken) ? 1 : 0;
        }

        return removed;
    }

    private async Task<int> ForgetBitsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var total = 0;
        var dead = await _database.ListAsync(
            CleanupStatements.CountDeadBits.With(now), row => (List: row.Int32(0), Count: (int)row.Int64(1)), cancellationToken);
        foreach (var (list, count) in dead)
        {
            var most = Math.Min(count, BatchSize * BatchesPerTable);
            for (var forgotten = 0; forgotten < most; forgotten += BatchSize)
            {
                await _database.WriteAsync(CleanupStatements.ForgetBits.With(list, now, BatchSize), cancellationToken);
            }

            total += most;
        }

        return total;
    }
}
