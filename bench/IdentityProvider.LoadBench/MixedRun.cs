using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace IdentityProvider.LoadBench;

/// <summary>Everything at once for minutes: does memory grow, and who waits when?</summary>
internal static class MixedRun
{
    private const int Stretches = 6;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    /// <summary>Of a hundred operations.</summary>
    private static readonly Dictionary<string, int> Shares = new(StringComparer.Ordinal)
    {
        ["client credentials ES256"] = 20,
        ["code flow with session"] = 9,
        ["refresh, access token"] = 20,
        ["introspection"] = 24,
        ["userinfo"] = 24,
        ["device flow"] = 2,
        ["sign-in by password"] = 1,
    };

    public static async Task MeasureAsync(BenchOptions options, TimeSpan time, int callers, TextWriter output)
    {
        await using var server = await BenchServer.CreateAsync(options.Against, options.PostgreSql);
        var people = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => PrepareAsync(server)));
        var counts = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        await output.WriteLineAsync($"mixed, {callers} callers, load average {BenchRun.LoadAverage()}");
        await output.WriteLineAsync("after s      ops/s   p50 ms   p99 ms   max ms  memory MiB  database KiB");
        await WriteAsync(output, server, 0, []);
        for (var i = 1; i <= Stretches; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var latencies = await Measured.RepeatAsync([.. people.Select(operations => (Func<Task>)(() => OneAsync(operations, counts)))], time / Stretches);
            await WriteAsync(output, server, (int)(time.TotalSeconds * i / Stretches), latencies, Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        await Task.Delay(Rest);
        await output.WriteLineAsync($"{Rest.TotalSeconds} s later: {server.Process.ResidentMebibytes} MiB; load average {BenchRun.LoadAverage()}");
        await output.WriteLineAsync(string.Join(", ", counts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}")));
    }

    private static async Task<List<(string Name, int Share, Func<Task> Operation)>> PrepareAsync(BenchServer server)
    {
        var operations = new List<(string, int, Func<Task>)>();
        foreach (var scenario in Scenarios.All)
        {
            if (Shares.TryGetValue(scenario.Name, out var share))
            {
                operations.Add((scenario.Name, share, await scenario.Prepare(server.Address)));
            }
        }

        return operations;
    }

    private static Task OneAsync(List<(string Name, int Share, Func<Task> Operation)> operations, ConcurrentDictionary<string, int> counts)
    {
        var rest = System.Security.Cryptography.RandomNumberGenerator.GetInt32(Shares.Values.Sum());
        foreach (var (name, share, operation) in operations)
        {
            rest -= share;
            if (rest < 0)
            {
                counts.AddOrUpdate(name, 1, static (_, count) => count + 1);
                return operation();
            }
        }

        throw new InvalidOperationException("shares do not add up");
    }

    private static Task WriteAsync(TextWriter output, BenchServer server, int second, List<double> latencies, double elapsed = 1)
    {
        latencies.Sort();
        return output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{second,7} {latencies.Count / elapsed,10:F0} {At(50),8:F2} {At(99),8:F2} {At(100),8:F1} {server.Process.ResidentMebibytes,11} {server.DatabaseKibibytes,13}"));

        double At(int percent) => latencies.Count == 0 ? 0 : latencies[Math.Min(latencies.Count - 1, latencies.Count * percent / 100)];
    }
}
