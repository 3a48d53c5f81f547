using System.Globalization;
using System.Reflection;

namespace IdentityProvider.LoadBench;

/// <summary>Servers and the floor as processes of their own, and callers in this one. Durable, as in production.</summary>
internal sealed class BenchRun : IAsyncDisposable
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    private readonly BenchServer _server;
    private readonly BenchServer? _other;
    private readonly ChildProcess _floor;

    private BenchRun(BenchServer server, BenchServer? other, ChildProcess floor)
    {
        _server = server;
        _other = other;
        _floor = floor;
    }

    public static async Task<BenchRun> StartAsync(BenchOptions options)
    {
        var server = await BenchServer.CreateAsync(assembly: null, options.PostgreSql);
        var other = options.Against is null ? null : await BenchServer.CreateAsync(options.Against, options.PostgreSql);
        var port = ChildProcess.FreePort().ToString(CultureInfo.InvariantCulture);
        var floor = await ChildProcess.StartAsync(
            Assembly.GetExecutingAssembly().Location,
            ["floor", port],
            new Dictionary<string, string>(StringComparer.Ordinal),
            new Uri($"http://127.0.0.1:{port}"),
            "/document");
        return new BenchRun(server, other, floor);
    }

    public async Task MeasureAsync(TimeSpan time, int callers, string filter, int rounds, TextWriter output)
    {
        var scenarios = Scenarios.All.Where(scenario => scenario.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)).ToList();
        await output.WriteLineAsync(
            $"{callers} callers, {rounds} rounds of {time.TotalSeconds} s, medians; CPU: seconds of the server process"
                + $"{(_server.HasDatabaseProcess ? " and the database's processes" : string.Empty)} per 1,000 operations; load average {LoadAverage()}");
        await output.WriteLineAsync(
            "operation                      ops/s    p50 ms   p99 ms      CPU    floor    ratio" + (_other is null ? string.Empty : "    other  ours to other"));
        foreach (var scenario in scenarios)
        {
            var figures = new List<Round>();
            var (floor, ours, other) = (Subject(_floor, scenario, callers), Subject(_server, scenario, callers), _other is null ? null : Subject(_other, scenario, callers));

            // The first is long enough for the compiler to have done its second pass, and does not count.
            await MeasureAsync(floor, ours, other, TimeSpan.FromSeconds(Math.Max(WarmUp.TotalSeconds, time.TotalSeconds)));
            for (var i = 0; i < rounds; i++)
            {
                figures.Add(await MeasureAsync(floor, ours, other, time));
            }

            await output.WriteLineAsync(Line(scenario.Name, figures));
        }

        await output.WriteLineAsync($"server memory after the run: {_server.Process.ResidentMebibytes} MiB; load average {LoadAverage()}");
    }

    /// <summary>Sign-ins by password beside token traffic.</summary>
    public Task StormAsync(TimeSpan time, int callers, TextWriter output) => LoginStorm.MeasureAsync(_server.Process, time, callers, output);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _floor.DisposeAsync();
        if (_other is not null)
        {
            await _other.DisposeAsync();
        }
    }

    /// <summary>Of the last minute.</summary>
    public static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    /// <summary>Floor and servers in turns, the same way, so that a machine that slows down slows all.</summary>
    private static async Task<Round> MeasureAsync(Measured floor, Measured ours, Measured? other, TimeSpan time) =>
        new(await floor.RunAsync(time / 2), await ours.RunAsync(time), other is null ? null : await other.RunAsync(time));

    private static Measured Subject(BenchServer server, Scenario scenario, int callers) =>
        new(() => server.Cpu, () => scenario.Prepare(server.Address), callers, scenario.Most);

    private Measured Subject(ChildProcess floor, Scenario scenario, int callers) =>
        new(() => floor.Cpu, () => Task.FromResult(FloorCall(scenario.Floor)), callers, scenario.Most);

    private Func<Task> FloorCall(IReadOnlyList<string> paths)
    {
        var http = BenchClients.NewHttp();
        return async () =>
        {
            foreach (var path in paths)
            {
                var address = new Uri(_floor.Address, path);
                using var response = path.EndsWith("document", StringComparison.Ordinal)
                    ? await http.GetAsync(address)
                    : await http.PostAsync(address, new FormUrlEncodedContent(BenchClients.SampleForm));
                response.EnsureSuccessStatusCode();
            }
        };
    }

    private static string Line(string name, List<Round> rounds)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-28} {Median(round => round.Ours.PerSecond),8:F0} {Median(round => round.Ours.Median),9:F2} {Median(round => round.Ours.P99),8:F2} "
                + $"{Median(round => round.Ours.Cpu),8:F3} {Median(round => round.Floor.Cpu),8:F3} {Median(round => round.Ours.Cpu / round.Floor.Cpu),8:F2}");
        if (rounds[0].Other is null)
        {
            return line;
        }

        var pairs = rounds.Select(round => round.Ours.Cpu / round.Other!.Cpu).Order().ToList();
        return line + string.Create(
            CultureInfo.InvariantCulture,
            $" {Median(round => round.Other!.Cpu),8:F3} {pairs[rounds.Count / 2],8:F3} (half of the rounds from {pairs[rounds.Count / 4]:F3} to {pairs[rounds.Count * 3 / 4]:F3})");

        double Median(Func<Round, double> value) => rounds.Select(value).Order().ElementAt(rounds.Count / 2);
    }

    private sealed record Round(Figures Floor, Figures Ours, Figures? Other);
}
