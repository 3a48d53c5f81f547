using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Storage.Sqlite;
using IdentityProvider.Storage.Statements;
using Microsoft.Data.Sqlite;

namespace IdentityProvider.Storage.Tests;

/// <summary>The one writer: what fails alone, what fails together, what is durable, how it ends.</summary>
public sealed class SqliteWriterTests : IAsyncLifetime
{
    private static readonly Statement Add = new("INSERT INTO settings (name, value) VALUES ($1, $2)", SqlType.Text, SqlType.Int64);

    private readonly SqliteTestDatabase _database = new();

    private IDatabase Statements => _database.Main.Get<IDatabase>();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_commit_is_there_when_the_file_is_opened_again()
    {
        var grant = await _database.OpenGrantAsync(await _database.AddSessionAsync());
        await _database.Main.DisposeAsync();

        await using var again = _database.Start();

        Assert.NotNull(await again.Get<IGrantStore>().FindAsync(grant.Id, default));
    }

    [Fact]
    public async Task A_commit_is_there_for_another_connection_before_the_answer()
    {
        await Statements.WriteAsync(Add.With("seen", 1L), default);

        await using var connection = new SqliteConnection("Pooling=false;Data Source=" + _database.File);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM settings WHERE name = 'seen'";
        Assert.Equal(1L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Commits_are_durable_and_written_ahead()
    {
        var session = _database.Main.Get<SqliteConnections>().OpenWriter();
        Assert.Equal("wal", session.Find(new Statement("PRAGMA journal_mode").With(), row => row.Text(0)));
        Assert.Equal(2, session.Find(new Statement("PRAGMA synchronous").With(), row => row.Int32(0))); // FULL
        session.Dispose();
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Who_violates_a_constraint_fails_alone()
    {
        await Statements.WriteAsync(Add.With("taken", 1L), default);
        var gate = _database.Main.Get<SqliteWriteGate>();
        await gate.EnterAsync(default); // all that follow wait, and go into one transaction

        var writes = Enumerable.Range(0, 40)
            .Select(number => Statements.WriteAsync(Add.With(number % 4 == 0 ? "taken" : "free-" + number, (long)number), default))
            .ToList();
        gate.Leave();

        foreach (var (write, number) in writes.Select((write, number) => (write, number)))
        {
            if (number % 4 == 0)
            {
                var failure = await Assert.ThrowsAsync<SqliteException>(() => write);
                Assert.Equal(19, failure.SqliteErrorCode);
            }
            else
            {
                Assert.Equal(1, await write);
            }
        }

        Assert.Equal(30, await _database.CountAsync("settings", "name LIKE 'free-%'"));
    }

    [Fact]
    public async Task Of_many_statements_of_one_write_all_are_undone_when_one_fails()
    {
        var gate = _database.Main.Get<SqliteWriteGate>();
        await gate.EnterAsync(default);
        var before = Statements.WriteAsync(Add.With("before", 1L), default);
        var broken = Statements.WriteAllAsync([Add.With("half", 1L), Add.With("half", 2L)], default);
        var after = Statements.WriteAsync(Add.With("after", 1L), default);
        gate.Leave();

        await Task.WhenAll(before, after);
        await Assert.ThrowsAsync<SqliteException>(() => broken);

        Assert.Equal(0, await _database.CountAsync("settings", "name = 'half'"));
        Assert.Equal(2, await _database.CountAsync("settings", "name IN ('before', 'after')"));
    }

    [Fact]
    public async Task A_guard_that_changes_nothing_stops_the_rest()
    {
        var nothing = new Statement("UPDATE settings SET value = 1 WHERE name = 'nobody'").With();

        Assert.False(await Statements.TryWriteAsync(nothing, [Add.With("guarded", 1L)], default));
        Assert.False(await Statements.TryWriteAsync([Add.With("guarded", 1L), nothing], [Add.With("guarded", 2L)], default));
        Assert.Equal(0, await _database.CountAsync("settings", "name = 'guarded'"));
    }

    [Fact]
    public async Task Entity_framework_waits_its_turn()
    {
        await _database.AddAccountAsync(); // the model is built
        var gate = _database.Main.Get<SqliteWriteGate>();
        await gate.EnterAsync(default);
        var save = _database.AddAccountAsync();

        await Assert.ThrowsAsync<TimeoutException>(() => save.WaitAsync(TimeSpan.FromMilliseconds(300)));

        gate.Leave();
        Assert.NotNull(await save);
    }

    [Fact]
    public async Task Waiting_requests_share_a_commit()
    {
        var gate = _database.Main.Get<SqliteWriteGate>();
        await gate.EnterAsync(default);
        var writes = Enumerable.Range(0, 100).Select(number => Statements.WriteAsync(Add.With("group-" + number, 1L), default)).ToList();
        var before = Frames();
        gate.Leave();
        await Task.WhenAll(writes);

        // A commit ends with a frame whose header names the size of the database; groups make few of them.
        Assert.InRange(Frames() - before, 1, 60);
    }

    [Fact]
    public async Task When_the_commit_fails_everyone_hears_of_it_and_the_next_group_works()
    {
        await using var intruder = new SqliteConnection("Pooling=false;Data Source=" + _database.File);
        await intruder.OpenAsync();
        await ExecuteAsync(intruder, "BEGIN IMMEDIATE"); // as another process would
        var writes = new[]
        {
            Statements.WriteAsync(Add.With("locked-1", 1L), default),
            Statements.WriteAsync(Add.With("locked-2", 1L), default),
        };

        foreach (var write in writes)
        {
            var failure = await Assert.ThrowsAsync<SqliteException>(() => write);
            Assert.Equal(5, failure.SqliteErrorCode);
        }

        await ExecuteAsync(intruder, "ROLLBACK");
        Assert.Equal(1, await Statements.WriteAsync(Add.With("unlocked", 1L), default));
    }

    [Fact]
    public async Task What_was_handed_over_is_written_before_it_closes()
    {
        var used = _database.Main.Get<IUsedJtiStore>();
        var writes = Enumerable.Range(0, 500).Select(number => used.TryUseAsync("drain", "" + number, _database.Clock.Now, default)).ToList();

        await _database.Main.DisposeAsync();

        Assert.All(await Task.WhenAll(writes), Assert.True);
    }

    [Fact]
    public async Task After_the_end_a_write_is_refused()
    {
        await _database.Main.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Statements.WriteAsync(Add.With("late", 1L), default));
    }

    [Fact]
    public async Task Too_many_that_wait_are_refused_at_once()
    {
        var gate = _database.Main.Get<SqliteWriteGate>();
        await gate.EnterAsync(default);
        var writes = Enumerable.Range(0, 20_000).Select(number => Statements.WriteAsync(Add.With("many-" + number, 1L), default)).ToList();
        gate.Leave();

        var refused = 0;
        foreach (var write in writes)
        {
            try
            {
                await write;
            }
            catch (StorageOverloadedException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 20_000 - 16_384);
        Assert.Equal(20_000 - refused, await _database.CountAsync("settings", "name LIKE 'many-%'"));
    }

    [Fact]
    public void The_file_is_for_its_owner_only()
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_database.File));
        }
    }

    [Fact]
    public async Task Looking_at_a_database_does_not_make_it()
    {
        var fresh = new SqliteTestDatabase();
        await fresh.PrepareAsync();
        try
        {
            Assert.NotEmpty(await fresh.Start().Get<DatabaseMigrator>().GetPendingAsync(default));
            Assert.False(File.Exists(fresh.File));
        }
        finally
        {
            await fresh.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_migration_that_was_killed_does_not_stop_the_next_start()
    {
        var fresh = new SqliteTestDatabase();
        await fresh.PrepareAsync();
        try
        {
            await using (var connection = new SqliteConnection("Pooling=false;Data Source=" + fresh.File))
            {
                await connection.OpenAsync();
                await ExecuteAsync(connection, "CREATE TABLE \"__EFMigrationsLock\" (\"Id\" INTEGER PRIMARY KEY, \"Timestamp\" TEXT NOT NULL)");
                await ExecuteAsync(connection, "INSERT INTO \"__EFMigrationsLock\" VALUES (1, '2020-01-01')");
            }

            Assert.NotEmpty(await fresh.Start().Get<DatabaseMigrator>().MigrateAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token));
        }
        finally
        {
            await fresh.DisposeAsync();
        }
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Frames of the write-ahead log: 24 bytes and a page each.</summary>
    private long Frames() => new FileInfo(_database.File + "-wal") is { Exists: true } log ? (log.Length - 32) / (4096 + 24) : 0;
}
