using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IdentityProvider.Tests.Shared;

/// <summary>
/// A Redis server in a temporary folder, on free ports of 127.0.0.1, that keeps nothing on disk. Stopped and deleted when it is disposed of, and
/// at the latest when this process ends, in whatever way.
/// </summary>
internal sealed class RedisInstance : IDisposable
{
    private readonly string _program;
    private readonly string[] _settings;
    private readonly Process _watch;
    private Process? _server;

    private RedisInstance(string program, string[] settings)
    {
        Folder = Directory.CreateTempSubdirectory("idp-redis-").FullName;

        // Debian's redis-tools has the program under the name of its checker, and no service that apt would start.
        _program = Path.Combine(Folder, "redis-server");
        File.CreateSymbolicLink(_program, program);
        _settings = settings;
        (Port, TlsPort) = (FreePorts.Take(), FreePorts.Take());
        _watch = StartWatch();
    }

    public int Port { get; }

    /// <summary>Only where the settings ask for it: they name the port as <c>{tls}</c>.</summary>
    public int TlsPort { get; }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>For files of the test, which the settings name as <c>{folder}</c>.</summary>
    public string Folder { get; }

    private string ProcessFile => Path.Combine(Folder, "pid");

    /// <summary>Null when Redis can be had; else what is missing. In CI it is never null: there the test fails instead.</summary>
    public static string? FindObstacle() =>
        IsCi() || (Find("redis-cli") is not null && FindProgram() is not null) ? null : "Redis is not installed (Debian: redis-tools)";

    /// <summary>A new, empty one.</summary>
    /// <param name="settings">As on its command line.</param>
    public static RedisInstance Create(params string[] settings)
    {
        var instance = Prepare(settings);
        instance.Start();
        return instance;
    }

    /// <summary>One that runs only when <see cref="Start"/> was called.</summary>
    public static RedisInstance Prepare(params string[] settings) =>
        new(FindProgram() ?? throw new InvalidOperationException("redis-server is not installed"), settings);

    /// <summary>Waits for what comes by itself; fails when it does not come in a minute.</summary>
    public static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    /// <inheritdoc cref="UntilAsync(Func{bool})"/>
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var watch = Stopwatch.StartNew();
        while (!await holds())
        {
            if (watch.Elapsed > TimeSpan.FromMinutes(1))
            {
                throw new TimeoutException("it did not come");
            }

            await Task.Delay(10);
        }
    }

    /// <summary>Starts it, for the first time or after <see cref="Kill"/>, and waits until it answers.</summary>
    public void Start()
    {
        string[] basic = ["--bind", "127.0.0.1", "--port", "{port}", "--dir", "{folder}", "--logfile", "{folder}/log", "--save", "", "--appendonly", "no"];
        var line = basic.Concat(_settings).Select(word => word
            .Replace("{folder}", Folder, StringComparison.Ordinal)
            .Replace("{port}", Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{tls}", TlsPort.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        string[] shell = ["-c", "exec \"$@\" </dev/null >/dev/null 2>&1", "sh", _program, .. line];
        _server = Process.Start(new ProcessStartInfo("sh", shell) { WorkingDirectory = Folder })!;
        File.WriteAllText(ProcessFile, _server.Id.ToString(CultureInfo.InvariantCulture));
        UntilAsync(Answers).GetAwaiter().GetResult();
    }

    /// <summary>Ends it as a crash does.</summary>
    public void Kill()
    {
        _server!.Kill();
        _server.WaitForExit();
        _server.Dispose();
        _server = null;
        File.Delete(ProcessFile);
    }

    /// <summary>It keeps its connections, and does nothing.</summary>
    public void Pause() => Signal("STOP");

    public void Resume() => Signal("CONT");

    /// <summary>Carries out one command, by Redis' own client; what it printed.</summary>
    public string Run(params string[] command)
    {
        string[] line = ["-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "--no-auth-warning", .. command];
        using var client = Process.Start(new ProcessStartInfo("redis-cli", line) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = client.StandardOutput.ReadToEnd();
        client.WaitForExit();
        return output.TrimEnd();
    }

    public void Dispose()
    {
        _watch.StandardInput.Close();
        _watch.WaitForExit();
        _watch.Dispose();
        _server?.Dispose();
    }

    /// <summary>A shell that waits for the end of its input, which comes when this process ends.</summary>
    private Process StartWatch()
    {
        const string Script = "trap '' HUP INT TERM; exec >/dev/null 2>&1; cat; [ -e \"$1/pid\" ] && kill -9 \"$(cat \"$1/pid\")\"; rm -rf \"$1\"";
        var start = new ProcessStartInfo("sh", ["-c", Script, "sh", Folder])
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        return Process.Start(start)!;
    }

    private bool Answers()
    {
        if (_server!.HasExited)
        {
            throw new InvalidOperationException("redis-server ended: " + File.ReadAllText(Path.Combine(Folder, "log")));
        }

        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _server!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static string? FindProgram() => Find("redis-server") ?? Find("redis-check-rdb");

    private static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    private static bool IsCi() => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.Ordinal);
}
