using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace IdentityProvider.Storage.Sqlite;

/// <summary>Opens connections to the one file; keeps those that read.</summary>
internal sealed class SqliteConnections : IDisposable
{
    /// <summary>How long we wait for another process (a command-line tool, a backup), never for ourselves: <see cref="SqliteWriteGate"/>.</summary>
    private const int BusySeconds = 5;

    /// <summary>Idle readers that are kept; one reads for some 10 µs, so few are needed at a time.</summary>
    private const int KeptReaders = 16;

    // FULL: a commit has reached the disk when it answers; NORMAL would lose the last ones with the power.
    private const string WriterPragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -32768";
    private const string ReaderPragmas = "PRAGMA query_only = 1; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -4096";

    /// <summary>The last one used is the first one taken: its pages are in its cache.</summary>
    private readonly ConcurrentStack<SqliteSession> _readers = new();
    private readonly string _unpooled;
    private int _kept;
    private volatile bool _disposed;

    public SqliteConnections(StorageOptions options)
    {
        SqliteBinding.Bind();
        var builder = new SqliteConnectionStringBuilder(options.ConnectionString)
        {
            ForeignKeys = true,
            DefaultTimeout = BusySeconds,
            Cache = SqliteCacheMode.Default,
            Mode = SqliteOpenMode.ReadWrite, // the file is made by SqliteMigrationLock, for its owner only, and never by looking at it
        };
        DataSource = builder.DataSource;
        ForEntityFramework = builder.ToString();
        builder.Pooling = false;
        _unpooled = builder.ToString();
    }

    /// <summary>The file.</summary>
    public string DataSource { get; }

    public string ForEntityFramework { get; }

    public SqliteSession OpenWriter() => new(_unpooled, WriterPragmas);

    public SqliteSession TakeReader()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_readers.TryPop(out var session))
        {
            Interlocked.Decrement(ref _kept);
            return session;
        }

        return new SqliteSession(_unpooled, ReaderPragmas);
    }

    public void Return(SqliteSession reader)
    {
        if (_disposed || Interlocked.Increment(ref _kept) > KeptReaders)
        {
            Interlocked.Decrement(ref _kept);
            reader.Dispose();
            return;
        }

        _readers.Push(reader);
        if (_disposed)
        {
            CloseKept(); // who disposed may have looked before
        }
    }

    public void Dispose()
    {
        _disposed = true;
        CloseKept();

        // Entity Framework's connections lie in the pool of this connection string; the file must be free when we have gone.
        using var pooled = new SqliteConnection(ForEntityFramework);
        SqliteConnection.ClearPool(pooled);
    }

    private void CloseKept()
    {
        while (_readers.TryPop(out var session))
        {
            session.Dispose();
        }
    }
}
