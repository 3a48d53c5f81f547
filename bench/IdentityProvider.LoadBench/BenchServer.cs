using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using IdentityProvider.Tests.Shared;

namespace IdentityProvider.LoadBench;

/// <summary>A server that is measured, as a process of its own over a database of its own, which outlives the process.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private readonly string _assembly;
    private readonly string _folder;
    private readonly PostgreSqlInstance? _postgreSql;
    private ChildProcess? _process;

    private BenchServer(string assembly, string folder, PostgreSqlInstance? postgreSql)
    {
        _assembly = assembly;
        _folder = folder;
        _postgreSql = postgreSql;
    }

    public Uri Address { get; } = new($"http://localhost:{ChildProcess.FreePort().ToString(CultureInfo.InvariantCulture)}");

    public ChildProcess Process => _process ?? throw new InvalidOperationException("not started");

    /// <summary>Of the server and, where it is a process of its own, of the database.</summary>
    public TimeSpan Cpu => Process.Cpu + (_postgreSql is null ? TimeSpan.Zero : ChildProcess.CpuOfTree(_postgreSql.ProcessId));

    /// <summary>The SQLite files together; 0 with PostgreSQL.</summary>
    public long DatabaseKibibytes => Directory.GetFiles(_folder, "bench.db*").Sum(file => new FileInfo(file).Length) / 1024;

    public bool HasDatabaseProcess => _postgreSql is not null;

    public string SqliteFile => Path.Combine(_folder, "bench.db");

    /// <param name="assembly">The server's DLL; null for the one beside this program.</param>
    /// <param name="postgreSql">Whether over a PostgreSQL of its own instead of SQLite.</param>
    public static async Task<BenchServer> CreateAsync(string? assembly, bool postgreSql)
    {
        var folder = Directory.CreateTempSubdirectory("idp-bench-").FullName;
        var database = postgreSql ? PostgreSqlInstance.Create() : null;
        var server = new BenchServer(assembly ?? Path.Combine(AppContext.BaseDirectory, "IdentityProvider.Server.dll"), folder, database);
        var settings = database is null
            ? BenchClients.Settings("sqlite", $"Data Source={server.SqliteFile}")
            : BenchClients.Settings("postgresql", database.ConnectionString);
        await File.WriteAllTextAsync(server.SettingsFile, JsonSerializer.Serialize(settings));
        await server.StartAsync();
        return server;
    }

    private string SettingsFile => Path.Combine(_folder, "bench.json");

    /// <summary>Starts the process over the database that is there. From its start to its first answer.</summary>
    public async Task<TimeSpan> StartAsync()
    {
        var issuer = Address.GetLeftPart(UriPartial.Authority);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = issuer,
            ["IdentityProvider__Issuer"] = issuer,
        };
        var began = Stopwatch.GetTimestamp();
        _process = await ChildProcess.StartAsync(_assembly, ["--config", SettingsFile], environment, Address, "/.well-known/openid-configuration");
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>As a crash does it: SIGKILL.</summary>
    public Task KillAsync() => Process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _postgreSql?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
