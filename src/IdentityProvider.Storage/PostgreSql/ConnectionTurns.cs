namespace IdentityProvider.Storage.PostgreSql;

/// <summary>
/// Who may take a connection of the pool: as many at a time as it has. When the database is slow the others are refused soon
/// (<see cref="StorageOverloadedException"/>) instead of standing in line until every caller has gone: they would find a queue of dead
/// requests once it is well again. Entity Framework does not ask here; its pages wait for the pool itself.
/// </summary>
/// <param name="connections">Most connections of the pool.</param>
internal sealed class ConnectionTurns(int connections) : IDisposable
{
    /// <summary>How long one waits. A database that is well needs some milliseconds for all of a thousand callers.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How many may wait. Beyond this one is refused at once: some seconds of work.</summary>
    private const int MostWaiting = 16_384;

    private readonly SemaphoreSlim _free = new(connections, connections);
    private int _waiting;

    /// <exception cref="StorageOverloadedException">No connection became free in time; nothing was sent.</exception>
    public async ValueTask<ConnectionTurn> TakeAsync(CancellationToken cancellationToken)
    {
        if (!_free.Wait(TimeSpan.Zero, cancellationToken))
        {
            await WaitAsync(cancellationToken);
        }

        return new ConnectionTurn(_free);
    }

    public void Dispose() => _free.Dispose();

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting || !await _free.WaitAsync(Patience, cancellationToken))
            {
                throw new StorageOverloadedException("every connection to the database is in use and none became free in time");
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}

/// <summary>Leave to use a connection, given back when it is disposed of.</summary>
internal readonly struct ConnectionTurn(SemaphoreSlim free) : IDisposable
{
    public void Dispose() => free.Release();
}
