using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage;

/// <summary>The database's clock: the one that all nodes share.</summary>
public sealed class DatabaseClock
{
    private static readonly Statement Now = new("SELECT clock_timestamp()");

    private readonly IDatabase _database;
    private readonly bool _isOnThisMachine;
    private readonly TimeProvider _clock;

    internal DatabaseClock(IDatabase database, StorageOptions options, TimeProvider clock)
    {
        _database = database;
        _isOnThisMachine = options.Provider == StorageProvider.Sqlite;
        _clock = clock;
    }

    /// <summary>
    /// How far this node's clock is ahead of the database's, at least; negative when it is behind. What the network may have taken counts for
    /// neither. One read; zero without a read on SQLite, which has this machine's clock.
    /// </summary>
    public async Task<TimeSpan> MeasureAheadAsync(CancellationToken cancellationToken)
    {
        if (_isOnThisMachine)
        {
            return TimeSpan.Zero;
        }

        var before = _clock.GetUtcNow();
        var there = await _database.FindAsync(Now.With(), row => row.Time(0), cancellationToken);
        var after = _clock.GetUtcNow();
        if (before > there)
        {
            return before - there;
        }

        return after < there ? after - there : TimeSpan.Zero;
    }
}
