using System.Diagnostics;

namespace IdentityProvider.LoadBench;

/// <summary>One operation at one process, with its callers.</summary>
/// <param name="cpu">CPU time of the process until now.</param>
/// <param name="prepare">Makes what one caller needs and gives the operation it repeats.</param>
/// <param name="callers">How many at a time.</param>
/// <param name="most">How often a caller can repeat it before it has to be prepared again.</param>
internal sealed class Measured(Func<TimeSpan> cpu, Func<Task<Func<Task>>> prepare, int callers, int most)
{
    private IReadOnlyList<Func<Task>>? _operations;

    public async Task<Figures> RunAsync(TimeSpan time)
    {
        if (_operations is null || most < int.MaxValue)
        {
            _operations = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => prepare()));
        }

        var before = cpu();
        var began = Stopwatch.GetTimestamp();
        var latencies = await RepeatAsync(_operations, time, most: most);
        var elapsed = Stopwatch.GetElapsedTime(began);
        var spent = cpu() - before;
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
    /// <param name="most">A caller that has done so many ends earlier.</param>
    public static async Task<List<double>> RepeatAsync(IReadOnlyList<Func<Task>> operations, TimeSpan time, TimeSpan pace = default, int most = int.MaxValue)
    {
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var all = await Task.WhenAll(operations.Select(operation => Task.Run(async () =>
        {
            var latencies = new List<double>();
            while (Stopwatch.GetTimestamp() < end && latencies.Count < most)
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
}
