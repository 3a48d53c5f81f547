using System.Diagnostics;
using System.Globalization;

namespace IdentityProvider.StorageBench;

/// <summary>Runs one verb with many callers for some seconds and prints what it did and what it cost this process.</summary>
internal sealed class Measurement(TextWriter output, int callers, TimeSpan duration)
{
    public void PrintHeader() => output.WriteLine("| verb | ops/s | CPU s per 1,000 | p50 ms | p99 ms | KiB written per op |\n| --- | --- | --- | --- | --- | --- |");

    /// <param name="name">Of the verb.</param>
    /// <param name="verb">Given the number of the call; throws when it fails.</param>
    /// <param name="most">Calls after which it is over, for verbs that use something up.</param>
    public async Task RunAsync(string name, Func<int, Task> verb, int most = int.MaxValue)
    {
        var number = 0;
        for (var i = 0; i < 200; i++)
        {
            await verb(Interlocked.Increment(ref number)); // prepares statements, compiles code
        }

        var process = Process.GetCurrentProcess();
        process.Refresh();
        var cpu = process.TotalProcessorTime;
        var written = BytesWritten();
        var watch = Stopwatch.StartNew();
        var times = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            var mine = new List<double>();
            while (watch.Elapsed < duration && Volatile.Read(ref number) < most - callers)
            {
                var begin = Stopwatch.GetTimestamp();
                await verb(Interlocked.Increment(ref number));
                mine.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }

            return mine;
        })));
        var elapsed = watch.Elapsed;
        process.Refresh();
        Print(name, [.. times.SelectMany(mine => mine).Order()], elapsed, process.TotalProcessorTime - cpu, BytesWritten() - written);
    }

    private void Print(string name, double[] times, TimeSpan elapsed, TimeSpan cpu, long written) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {times.Length / elapsed.TotalSeconds:N0} | {cpu.TotalSeconds / times.Length * 1000:0.000} | {times[times.Length / 2]:0.00} | {times[times.Length * 99 / 100]:0.0} | {written / 1024.0 / times.Length:0.0} |"));

    /// <summary>What this process handed to the disk; 0 where the system does not tell.</summary>
    private static long BytesWritten() => File.Exists("/proc/self/io")
        ? long.Parse(
            File.ReadLines("/proc/self/io").Single(line => line.StartsWith("write_bytes:", StringComparison.Ordinal))["write_bytes:".Length..],
            CultureInfo.InvariantCulture)
        : 0;
}
