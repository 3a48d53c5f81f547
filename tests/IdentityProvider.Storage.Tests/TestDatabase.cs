using IdentityProvider.Accounts;
using IdentityProvider.Storage.Statements;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace IdentityProvider.Storage.Tests;

/// <summary>A migrated database of its own for each test class.</summary>
public abstract class TestDatabase : IAsyncLifetime
{
    private readonly List<Node> _nodes = [];

    /// <summary>The clock of all nodes.</summary>
    public TestClock Clock { get; } = new();

    /// <summary>The first node.</summary>
    internal Node Main { get; private set; } = null!;

    /// <summary>Another node of the cluster; on SQLite, which has one, the same.</summary>
    internal Node Other { get; private set; } = null!;

    protected abstract Task<StorageOptions> CreateAsync();

    protected abstract bool HasManyNodes { get; }

    /// <summary>All that stands in the database, as text, for those who look for secrets.</summary>
    public abstract Task<byte[]> DumpAsync();

    protected abstract Task DropAsync();

    /// <summary>Makes the database without any table.</summary>
    public async Task PrepareAsync() => Options = await CreateAsync();

    public async Task InitializeAsync()
    {
        await PrepareAsync();
        Main = Start();
        await Main.Get<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
        Other = HasManyNodes ? Start() : Main;
    }

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await DropAsync();
    }

    internal StorageOptions Options { get; private set; } = null!;

    /// <summary>A node with services of its own, such as a process has; the test disposes of it or leaves it to the end.</summary>
    internal Node Start()
    {
        var node = new Node(Options, Clock);
        _nodes.Add(node);
        return node;
    }

    /// <summary>A scope in which ASP.NET Core Identity manages accounts.</summary>
    internal IServiceScope CreateIdentityScope() => Main.CreateScope();

    /// <summary>An enabled account.</summary>
    internal async Task<string> AddAccountAsync(Action<Account>? change = null)
    {
        await using var context = await Main.Get<IDbContextFactory<IdentityProviderDbContext>>().CreateDbContextAsync();
        var account = Account.Create("person-" + Guid.NewGuid().ToString("N"), email: null, Clock.GetUtcNow());
        change?.Invoke(account);
        context.Add(account);
        await context.SaveChangesAsync();
        return account.Id;
    }

    internal async Task<Account> ReadAccountAsync(string id)
    {
        await using var context = await Main.Get<IDbContextFactory<IdentityProviderDbContext>>().CreateDbContextAsync();
        return await context.Users.AsNoTracking().SingleAsync(account => account.Id == id);
    }

    /// <summary>Holds the table as a vacuum does, until it is disposed of; null on SQLite, where none runs beside the writer.</summary>
    internal async Task<IAsyncDisposable?> HoldAsVacuumAsync(string table)
    {
        if (Options.Provider != StorageProvider.PostgreSql)
        {
            return null;
        }

        var connection = new NpgsqlConnection(Options.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand($"LOCK TABLE {table} IN SHARE UPDATE EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    internal async Task<long> CountAsync(string table, string condition = "TRUE") =>
        await Main.Get<IDatabase>().FindAsync(
            new Statement($"SELECT count(*) FROM {table} WHERE {condition}").With(), row => row.Int64(0), CancellationToken.None);
}

/// <summary>What one process would have.</summary>
internal sealed class Node(StorageOptions options, TimeProvider clock) : IAsyncDisposable
{
    private readonly ServiceProvider _services =
        Services(options, clock).BuildServiceProvider(validateScopes: true);

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public IServiceScope CreateScope() => _services.CreateScope();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static IServiceCollection Services(StorageOptions options, TimeProvider clock)
    {
        var services = new ServiceCollection();
        services.AddIdentityCore<Account>();
        return services.AddLogging().AddSingleton(clock).AddStorage(options);
    }
}

/// <summary>A SQLite file.</summary>
public sealed class SqliteTestDatabase : TestDatabase
{
    private readonly string _folder = Directory.CreateTempSubdirectory("idp-storage-").FullName;

    public string File => Path.Combine(_folder, "identity.db");

    protected override bool HasManyNodes => false;

    protected override Task<StorageOptions> CreateAsync() =>
        Task.FromResult(new StorageOptions { Provider = StorageProvider.Sqlite, ConnectionString = "Data Source=" + File, StatusBlockSize = 64 });

    public override async Task<byte[]> DumpAsync()
    {
        await Main.Get<IDatabase>().WriteAsync(new Statement("DELETE FROM used_jti WHERE FALSE").With(), CancellationToken.None);
        using var all = new MemoryStream();
        foreach (var file in Directory.GetFiles(_folder))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await stream.CopyToAsync(all);
        }

        return all.ToArray();
    }

    protected override Task DropAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}

/// <summary>A database on the PostgreSQL server of the test run.</summary>
public sealed class PostgreSqlTestDatabase : TestDatabase
{
    private readonly string _name = "test_" + Guid.NewGuid().ToString("N");

    protected override bool HasManyNodes => true;

    protected override async Task<StorageOptions> CreateAsync()
    {
        await RunAsync($"CREATE DATABASE {_name}");
        var builder = new NpgsqlConnectionStringBuilder(PostgreSqlServer.Shared.ConnectionString) { Database = _name };
        return new StorageOptions { Provider = StorageProvider.PostgreSql, ConnectionString = builder.ToString(), StatusBlockSize = 64 };
    }

    public override async Task<byte[]> DumpAsync()
    {
        await using var connection = new NpgsqlConnection(Options.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT database_to_xml(true, false, '')::text", connection) { CommandTimeout = 60 };
        return System.Text.Encoding.UTF8.GetBytes((string)(await command.ExecuteScalarAsync())!);
    }

    protected override Task DropAsync() => RunAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");

    private static async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(PostgreSqlServer.Shared.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
