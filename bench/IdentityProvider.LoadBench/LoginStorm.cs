using System.Diagnostics;
using System.Globalization;
using System.Net;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Passwords;

namespace IdentityProvider.LoadBench;

/// <summary>What a sign-in by password costs, and what tokens notice of many at once.</summary>
internal static class LoginStorm
{
    private const int TokenCallers = 4;

    /// <summary>Of each caller: together 1,000 tokens a second, some tenth of what two cores can do, so that what is measured is waiting and not want.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(4);

    private const int Hashes = 40;
    private const string Password = "development";

    public static async Task MeasureAsync(ChildProcess server, TimeSpan time, int callers, TextWriter output)
    {
        await output.WriteLineAsync(MeasureHash());
        var alone = await RunAsync(server, time, callers: 0, TimeSpan.Zero);
        await output.WriteLineAsync("                        tokens/s   p50 ms   p99 ms   sign-ins/s   p50 ms   p99 ms   put off/s   CPU s per sign-in");
        await WriteAsync(output, "tokens alone", alone, cpuOfTokens: null);
        var each = alone.Cpu / alone.Tokens.Count;
        var beside = $"beside {callers.ToString(CultureInfo.InvariantCulture)} people";
        await WriteAsync(output, beside, await RunAsync(server, time, callers, TimeSpan.Zero), each);
        await WriteAsync(output, "paced tokens alone", await RunAsync(server, time, callers: 0, Pace), cpuOfTokens: null);
        await WriteAsync(output, beside, await RunAsync(server, time, callers, Pace), each);
        await output.WriteLineAsync($"server memory after the run: {server.ResidentMebibytes} MiB");
    }

    private static string MeasureHash()
    {
        var hasher = new Argon2PasswordHasher();
        var account = new Account();
        var hash = hasher.HashPassword(account, Password);
        var times = new List<double>();
        for (var i = 0; i < Hashes; i++)
        {
            var began = Stopwatch.GetTimestamp();
            hasher.VerifyHashedPassword(account, hash, Password);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        times.Sort();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"one hash ({hash[..hash.LastIndexOf('$', hash.LastIndexOf('$') - 1)]}): {times[0]:F1} ms at best, {times[Hashes / 2]:F1} ms median");
    }

    private static async Task<Figures> RunAsync(ChildProcess server, TimeSpan time, int callers, TimeSpan pace)
    {
        var tokens = new List<Func<Task>>();
        for (var i = 0; i < TokenCallers; i++)
        {
            tokens.Add(await Scenarios.ClientCredentialsAsync(server.Address, "bench.es"));
        }

        await Measured.RepeatAsync(tokens, time / 4);
        var postponed = 0;
        var people = Enumerable.Range(0, callers).Select(_ => (Func<Task>)(async () =>
        {
            if (await BenchClients.TrySignInAsync(server.Address) == HttpStatusCode.ServiceUnavailable)
            {
                Interlocked.Increment(ref postponed);
            }
        })).ToList();
        var cpu = server.Cpu;
        var began = Stopwatch.GetTimestamp();
        var signingIn = Measured.RepeatAsync(people, time);
        var tokenTimes = await Measured.RepeatAsync(tokens, time, pace);
        var peopleTimes = await signingIn;
        return new Figures(Stopwatch.GetElapsedTime(began), (server.Cpu - cpu).TotalSeconds, tokenTimes, peopleTimes, postponed);
    }

    private static Task WriteAsync(TextWriter output, string name, Figures figures, double? cpuOfTokens)
    {
        var seconds = figures.Elapsed.TotalSeconds;
        var welcomed = figures.People.Count - figures.Postponed;
        var cpu = cpuOfTokens is { } each && welcomed > 0 ? (figures.Cpu - (each * figures.Tokens.Count)) / welcomed : 0;
        return output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-22} {figures.Tokens.Count / seconds,9:F0} {At(figures.Tokens, 50),8:F2} {At(figures.Tokens, 99),8:F2} {welcomed / seconds,12:F1} "
                + $"{At(figures.People, 50),8:F0} {At(figures.People, 99),8:F0} {figures.Postponed / seconds,11:F1} {cpu,19:F3}"));
    }

    private static double At(List<double> times, int percent)
    {
        times.Sort();
        return times.Count == 0 ? 0 : times[times.Count * percent / 100];
    }

    private sealed record Figures(TimeSpan Elapsed, double Cpu, List<double> Tokens, List<double> People, int Postponed);
}
