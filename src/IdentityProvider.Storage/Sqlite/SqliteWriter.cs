using System.Threading.Channels;

namespace IdentityProvider.Storage.Sqlite;

/// <summary>
/// The one writer: requests hand their work over and wait; it takes all that wait, runs them in one transaction, commits once to the disk
/// and answers. While the disk works the next group collects; alone a request pays the hand-over only.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    /// <summary>Beyond this a write is refused at once (<see cref="StorageOverloadedException"/>): some seconds of work.</summary>
    private const int QueueLength = 16_384;

    /// <summary>Most requests of one transaction: bounds how long the first waits for the last.</summary>
    private const int GroupLength = 512;

    private readonly Channel<SqliteWrite> _queue = Channel.CreateBounded<SqliteWrite>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly SqliteConnections _connections;
    private readonly SqliteWriteGate _gate;
    private readonly Lazy<Task> _loop;
    private SqliteSession? _session;
    private volatile bool _isClosed;

    public SqliteWriter(SqliteConnections connections, SqliteWriteGate gate)
    {
        _connections = connections;
        _gate = gate;
        _loop = new Lazy<Task>(() => Task.Run(RunAsync), LazyThreadSafetyMode.ExecutionAndPublication);
    }

    /// <summary>Durable when it answers. Cancelling ends the wait, not the write.</summary>
    /// <returns>Rows changed by the guard, or, where there is none, by the last statement.</returns>
    public Task<int> WriteAsync(SqliteWrite write, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<int>(cancellationToken);
        }

        _ = _loop.Value;
        if (!_queue.Writer.TryWrite(write))
        {
            return Task.FromException<int>(
                _isClosed ? new ObjectDisposedException(nameof(SqliteWriter)) : new StorageOverloadedException());
        }

        return cancellationToken.CanBeCanceled ? write.Answer.WaitAsync(cancellationToken) : write.Answer;
    }

    /// <summary>Writes what was handed over, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        _queue.Writer.TryComplete();
        if (_loop.IsValueCreated)
        {
            await _loop.Value;
        }

        _session?.Dispose();
        _session = null;
    }

    private async Task RunAsync()
    {
        var group = new List<SqliteWrite>(GroupLength);
        while (await _queue.Reader.WaitToReadAsync())
        {
            await _gate.EnterAsync(CancellationToken.None);
            try
            {
                while (group.Count < GroupLength && _queue.Reader.TryRead(out var write))
                {
                    group.Add(write);
                }

                Commit(group);
            }
            finally
            {
                _gate.Leave();
            }

            foreach (var write in group)
            {
                write.Tell();
            }

            group.Clear();
        }
    }

    /// <summary>One transaction for all. What fails alone fails alone; what spoils the transaction fails all of them.</summary>
    private void Commit(List<SqliteWrite> group)
    {
        try
        {
            _session ??= _connections.OpenWriter();
            if (group is [{ IsSingleStatement: true } alone])
            {
                alone.Run(_session); // a transaction of itself
                return;
            }

            _session.Control("BEGIN IMMEDIATE");
            foreach (var write in group)
            {
                write.Run(_session);
            }

            _session.Control("COMMIT");
        }
        catch (Exception exception)
        {
            // Closing rolls back. The next group begins with a new connection: after a full disk or an I/O error this one is in doubt.
            _session?.Dispose();
            _session = null;
            foreach (var write in group)
            {
                write.Fail(exception);
            }
        }
    }
}
