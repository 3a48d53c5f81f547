using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace IdentityProvider.LoadBench;

/// <summary>Server and floor as processes of their own, and callers in this one. SQLite, durable, as in production.</summary>
internal sealed class BenchRun : IAsyncDisposable
{
    private readonly ChildProcess _server;
    private readonly ChildProcess _floor;
    private readonly string _folder;

    private BenchRun(ChildProcess server, ChildProcess floor, string folder)
    {
        _server = server;
        _floor = floor;
        _folder = folder;
    }

    public static async Task<BenchRun> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("idp-bench-").FullName;
        var here = AppContext.BaseDirectory;
        var config = Path.Combine(folder, "bench.json");
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(BenchClients.Settings(folder)));
        var address = new Uri($"http://localhost:{ChildProcess.FreePort().ToString(CultureInfo.InvariantCulture)}");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = address.GetLeftPart(UriPartial.Authority),
            ["IdentityProvider__Issuer"] = address.GetLeftPart(UriPartial.Authority),
            ["Serilog__MinimumLevel__Default"] = "Warning",
        };
        var server = await ChildProcess.StartAsync(
            Path.Combine(here, "IdentityProvider.Server.dll"), ["--config", config], environment, address, "/.well-known/openid-configuration");
        var floorPort = ChildProcess.FreePort();
        var floor = await ChildProcess.StartAsync(
            Assembly.GetExecutingAssembly().Location,
            ["floor", floorPort.ToString(CultureInfo.InvariantCulture)],
            new Dictionary<string, string>(StringComparer.Ordinal),
            new Uri($"http://127.0.0.1:{floorPort.ToString(CultureInfo.InvariantCulture)}"),
            "/document");
        return new BenchRun(server, floor, folder);
    }

    public async Task MeasureAsync(TimeSpan time, int callers, string filter, TextWriter output)
    {
        await output.WriteLineAsync($"{callers} callers, {time.TotalSeconds} s each; CPU: seconds of the server process per 1,000 operations");
        await output.WriteLineAsync("operation                      ops/s    p50 ms   p99 ms      CPU    floor    ratio");
        foreach (var scenario in BenchClients.Scenarios(_server.Address).Where(scenario => scenario.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
        {
            // Floor and server in turns, the same way, so that a machine that slows down slows both.
            var floor = await RunAsync(_floor, () => Task.FromResult(FloorCall(scenario.Floor)), time / 2, callers);
            var ours = await RunAsync(_server, scenario.Prepare, time, callers);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{scenario.Name,-28} {ours.PerSecond,8:F0} {ours.Median,9:F2} {ours.P99,8:F2} {ours.Cpu,8:F3} {floor.Cpu,8:F3} {ours.Cpu / floor.Cpu,8:F2}"));
        }

        await output.WriteLineAsync($"server memory after the run: {_server.ResidentMebibytes} MiB");
    }

    /// <summary>Sign-ins by password beside token traffic.</summary>
    public Task StormAsync(TimeSpan time, int callers, TextWriter output) => LoginStorm.MeasureAsync(_server, time, callers, output);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _floor.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private Func<Task> FloorCall(string path)
    {
        var http = BenchClients.NewHttp();
        var address = new Uri(_floor.Address, path);
        return async () =>
        {
            using var response = path.EndsWith("document", StringComparison.Ordinal)
                ? await http.GetAsync(address)
                : await http.PostAsync(address, new FormUrlEncodedContent(BenchClients.SampleForm));
            response.EnsureSuccessStatusCode();
        };
    }

    private static async Task<Figures> RunAsync(ChildProcess process, Func<Task<Func<Task>>> prepare, TimeSpan time, int callers)
    {
        var operations = new List<Func<Task>>();
        for (var i = 0; i < callers; i++)
        {
            var operation = await prepare();
            await operation();
            operations.Add(operation);
        }

        // Long enough for the compiler to have done its second pass.
        await RepeatAsync(operations, time / 2);
        var cpu = process.Cpu;
        var began = Stopwatch.GetTimestamp();
        var latencies = await RepeatAsync(operations, time);
        var elapsed = Stopwatch.GetElapsedTime(began);
        var spent = process.Cpu - cpu;
        latencies.Sort();
        return new Figures(
            latencies.Count / elapsed.TotalSeconds,
            latencies[latencies.Count / 2],
            latencies[latencies.Count * 99 / 100],
            spent.TotalSeconds / latencies.Count * 1000);
    }

    /// <param name="operations">One for each caller.</param>
    /// <param name="time">How long.</param>
    /// <param name="pace">From the beginning of one operation of a caller to that of its next, at least.</param>
    public static async Task<List<double>> RepeatAsync(List<Func<Task>> operations, TimeSpan time, TimeSpan pace = default)
    {
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var all = await Task.WhenAll(operations.Select(operation => Task.Run(async () =>
        {
            var latencies = new List<double>();
            while (Stopwatch.GetTimestamp() < end)
            {
                var began = Stopwatch.GetTimestamp();
                await operation();
                var took = Stopwatch.GetElapsedTime(began);
                latencies.Add(took.TotalMilliseconds);
                if (took < pace)
                {
                    await Task.Delay(pace - took);
                }
            }

            return latencies;
        })));
        return [.. all.SelectMany(latencies => latencies)];
    }

    private sealed record Figures(double PerSecond, double Median, double P99, double Cpu);
}
