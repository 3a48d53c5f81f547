using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace IdentityProvider.LoadBench;

/// <summary>A process that is measured: its CPU seconds come from the operating system.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const long ClockTicksPerSecond = 100;

    private readonly Process _process;

    private ChildProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>User and system time since it started.</summary>
    public TimeSpan Cpu => Ticks(Stat(_process.Id), 11, 12);

    public long ResidentMebibytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / (1024 * 1024);
        }
    }

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>The same of a process and its children, those that have ended included.</summary>
    public static TimeSpan CpuOfTree(int id)
    {
        var parent = id.ToString(CultureInfo.InvariantCulture);
        var children = Directory.GetDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var number) ? TryStat(number) : null)
            .Where(fields => fields is not null && string.Equals(fields[1], parent, StringComparison.Ordinal))
            .Aggregate(TimeSpan.Zero, (sum, fields) => sum + Ticks(fields!, 11, 12));
        return Ticks(Stat(id), 11, 12, 13, 14) + children;
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts an assembly with the runtime we run on and waits until the address answers.</summary>
    public static async Task<ChildProcess> StartAsync(
        string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, Uri address, string probe)
    {
        var start = new ProcessStartInfo(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(assembly);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var output = new List<string>();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = new HttpClient();
        for (var attempt = 0; attempt < 3000 && !process.HasExited; attempt++)
        {
            try
            {
                using var response = await http.GetAsync(new Uri(address, probe));
                if (response.IsSuccessStatusCode)
                {
                    return new ChildProcess(process, address);
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(10);
        }

        throw new InvalidOperationException("The process did not start:\n" + string.Join('\n', output));

        void Keep(string? line)
        {
            lock (output)
            {
                if (line is not null && output.Count < 200)
                {
                    output.Add(line);
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    /// <summary>The fields of proc(5) behind the name in brackets, from the third: state, parent …; utime, stime and those of ended children are 11 to 14.</summary>
    private static string[] Stat(int id)
    {
        var stat = File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static string[]? TryStat(int id)
    {
        try
        {
            return Stat(id);
        }
        catch (IOException)
        {
            return null; // ended meanwhile
        }
    }

    private static TimeSpan Ticks(string[] stat, params int[] fields) =>
        TimeSpan.FromSeconds((double)fields.Sum(field => long.Parse(stat[field], CultureInfo.InvariantCulture)) / ClockTicksPerSecond);
}
