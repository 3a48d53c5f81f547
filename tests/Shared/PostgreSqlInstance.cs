using System.Diagnostics;
using System.Globalization;

namespace IdentityProvider.Tests.Shared;

/// <summary>
/// A PostgreSQL server in a temporary folder, on a free port of 127.0.0.1. Stopped and deleted when it is disposed of, and at the latest when
/// this process ends, in whatever way.
/// </summary>
internal sealed class PostgreSqlInstance : IDisposable
{
    private readonly string _programs;
    private readonly string _folder;
    private readonly Process _watch;

    private PostgreSqlInstance(string programs)
    {
        _programs = programs;
        _folder = Directory.CreateTempSubdirectory("idp-postgres-").FullName;
        if (IsRoot())
        {
            Run("chown", ["postgres", _folder]); // initdb refuses root
        }

        Port = FreePorts.Take();
        _watch = StartWatch();
    }

    public int Port { get; }

    /// <summary>Of a role that may do everything.</summary>
    public string ConnectionString =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username=idp;Database=postgres;Maximum Pool Size=32");

    /// <summary>Of the process that all others of this server belong to.</summary>
    public int ProcessId => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private string Data => Path.Combine(_folder, "data");

    public static bool IsInstalled => FindPrograms() is not null;

    /// <summary>A new, empty one.</summary>
    public static PostgreSqlInstance Create()
    {
        var instance = New();
        instance.RunProgram("initdb", ["-D", instance.Data, "-U", "idp", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        instance.Start();
        return instance;
    }

    /// <summary>A standby that streams what this one writes.</summary>
    public PostgreSqlInstance CreateStandby()
    {
        var standby = New();
        string[] source = ["-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "idp"];
        standby.RunProgram("pg_basebackup", ["-D", standby.Data, .. source, "-R", "-c", "fast", "--no-sync"]);
        standby.Start();
        return standby;
    }

    public void Start()
    {
        var settings = string.Create(
            CultureInfo.InvariantCulture,
            $"-c listen_addresses=127.0.0.1 -c port={Port} -c unix_socket_directories={_folder} -c max_connections=300");
        RunProgram("pg_ctl", ["-D", Data, "-l", Path.Combine(_folder, "log"), "-o", settings, "-w", "start"]);
    }

    /// <summary>Ends it as a crash does: nothing is finished or flushed.</summary>
    public void Crash() => RunProgram("pg_ctl", ["-D", Data, "-m", "immediate", "-w", "stop"]);

    /// <summary>Makes the standby a primary, and waits until it is one.</summary>
    public void Promote() => RunProgram("pg_ctl", ["-D", Data, "-w", "promote"]);

    public void Dispose()
    {
        _watch.StandardInput.Close();
        _watch.WaitForExit();
        _watch.Dispose();
    }

    private static PostgreSqlInstance New() =>
        new(FindPrograms() ?? throw new InvalidOperationException("PostgreSQL is not installed: initdb and pg_ctl were not found"));

    /// <summary>A shell that waits for the end of its input, which comes when this process ends; the test host gives exit handlers too little time.</summary>
    private Process StartWatch()
    {
        var stop = Command("pg_ctl", ["-D", Data, "-m", "immediate", "-w", "stop"]);
        var start = new ProcessStartInfo(
            "sh", ["-c", "trap '' HUP INT TERM; exec >/dev/null 2>&1; cat; folder=$1; shift; \"$@\"; rm -rf \"$folder\"", "sh", _folder, .. stop])
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        return Process.Start(start)!;
    }

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

    private string[] Command(string name, string[] arguments)
    {
        var program = Path.Combine(_programs, name);
        return IsRoot() ? ["runuser", "-u", "postgres", "--", program, .. arguments] : [program, .. arguments];
    }

    private void RunProgram(string name, string[] arguments)
    {
        var command = Command(name, arguments);
        Run(command[0], command[1..]);
    }

    private static void Run(string name, string[] arguments)
    {
        // The server inherits what the program has; a pipe of ours would never end.
        string[] line = ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", name, .. arguments];
        using var process = Process.Start(new ProcessStartInfo("sh", line) { WorkingDirectory = Path.GetTempPath() })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{name} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        }
    }
}
