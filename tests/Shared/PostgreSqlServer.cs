using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IdentityProvider.Tests.Shared;

/// <summary>
/// A PostgreSQL server for one test run: made in a temporary folder, on a free port of 127.0.0.1, and stopped and deleted at the end.
/// <c>IDP_TEST_POSTGRES</c> names one that stands already, as a connection string of a role that may create databases.
/// </summary>
internal sealed class PostgreSqlServer
{
    private static readonly Lock Guard = new();
    private static PostgreSqlServer? _shared;
    private static Process? _watch; // kept, so that its input stays open

    private PostgreSqlServer(string connectionString) => ConnectionString = connectionString;

    /// <summary>A role that may create databases.</summary>
    public string ConnectionString { get; }

    /// <summary>Null when PostgreSQL can be had; else what is missing. In CI it is never null: there the test fails instead.</summary>
    public static string? FindObstacle() =>
        OverrideConnection() is not null || IsCi() || FindPrograms() is not null
            ? null
            : "PostgreSQL is not installed (initdb and pg_ctl were not found) and IDP_TEST_POSTGRES is not set";

    /// <summary>The one server of this test run; stopped when the process ends.</summary>
    public static PostgreSqlServer Shared
    {
        get
        {
            lock (Guard)
            {
                return _shared ??= Start();
            }
        }
    }

    private static PostgreSqlServer Start()
    {
        if (OverrideConnection() is { } connectionString)
        {
            return new PostgreSqlServer(connectionString);
        }

        var programs = FindPrograms() ?? throw new InvalidOperationException("PostgreSQL is not installed: initdb and pg_ctl were not found");
        var folder = Directory.CreateTempSubdirectory("idp-postgres-").FullName;
        if (IsRoot())
        {
            Run(programs: null, "chown", ["postgres", folder]); // initdb refuses root
        }

        var port = FindFreePort();
        Run(programs, "initdb", ["-D", DataFolder(folder), "-U", "idp", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        var settings = string.Create(
            CultureInfo.InvariantCulture,
            $"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c max_connections=300");
        Run(programs, "pg_ctl", ["-D", DataFolder(folder), "-l", Path.Combine(folder, "log"), "-o", settings, "-w", "start"]);
        EndWithThisProcess(programs, folder);
        return new PostgreSqlServer(string.Create(
            CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=idp;Database=postgres;Maximum Pool Size=32"));
    }

    /// <summary>
    /// A shell that waits for the end of its input, which comes when this process ends in whatever way; the test host gives exit handlers
    /// too little time.
    /// </summary>
    private static void EndWithThisProcess(string programs, string folder)
    {
        var stop = Command(programs, "pg_ctl", ["-D", DataFolder(folder), "-m", "immediate", "-w", "stop"]);
        var start = new ProcessStartInfo(
            "sh", ["-c", "trap '' HUP INT TERM; exec >/dev/null 2>&1; cat; folder=$1; shift; \"$@\"; rm -rf \"$folder\"", "sh", folder, .. stop])
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        _watch = Process.Start(start);
    }

    private static string DataFolder(string folder) => Path.Combine(folder, "data");

    private static string? OverrideConnection() => Environment.GetEnvironmentVariable("IDP_TEST_POSTGRES") is { Length: > 0 } value ? value : null;

    private static bool IsCi() => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.Ordinal);

    private static bool IsRoot() => string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    /// <summary>Debian keeps them out of the path: /usr/lib/postgresql/15/bin. The newest version wins.</summary>
    private static string? FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        return versions
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string[] Command(string? programs, string name, string[] arguments)
    {
        var program = programs is null ? name : Path.Combine(programs, name);
        return programs is not null && IsRoot() ? ["runuser", "-u", "postgres", "--", program, .. arguments] : [program, .. arguments];
    }

    private static void Run(string? programs, string name, string[] arguments)
    {
        // The server inherits what the program has; a pipe of ours would never end.
        string[] line = ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", .. Command(programs, name, arguments)];
        using var process = Process.Start(new ProcessStartInfo("sh", line) { WorkingDirectory = Path.GetTempPath() })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{name} ended with {process.ExitCode}");
        }
    }
}
