using System.Globalization;

namespace IdentityProvider.LoadBench;

/// <summary>How long a start takes over a database that is there, and what the server needs when nothing happens.</summary>
internal static class Starts
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public static async Task MeasureAsync(BenchOptions options, int times, TextWriter output)
    {
        await using var server = await BenchServer.CreateAsync(options.Against, options.PostgreSql);
        var starts = new List<(double Milliseconds, double Cpu, long Memory)>();
        for (var i = 0; i < times; i++)
        {
            await server.Process.DisposeAsync();
            var took = await server.StartAsync();
            var cpu = server.Process.Cpu.TotalSeconds;
            await Task.Delay(Rest);
            starts.Add((took.TotalMilliseconds, cpu, server.Process.ResidentMebibytes));
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"start to first answer, existing database: {Median(start => start.Milliseconds):F0} ms, {Median(start => start.Cpu):F2} CPU s; "
                + $"resident {Rest.TotalSeconds} s later: {Median(start => start.Memory):F0} MiB; median of {times}, load average {BenchRun.LoadAverage()}"));

        double Median(Func<(double Milliseconds, double Cpu, long Memory), double> value) => starts.Select(value).Order().ElementAt(times / 2);
    }
}
