using System.Diagnostics;
using System.Text.RegularExpressions;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Faults;

/// <summary>Changes that are cut short: they are done or not begun, and whoever comes next goes on.</summary>
public sealed partial class KilledCommandTests
{
    private const int Rounds = 3;

    /// <summary>The database is made, migrated and given its keys and objects; each time the process dies a little later.</summary>
    [Fact]
    [Case(389)]
    public async Task First_start_that_was_killed_is_finished_by_the_next()
    {
        var began = Stopwatch.GetTimestamp();
        await using var server = await RunningServer.StartAsync();
        var all = Stopwatch.GetElapsedTime(began);
        for (var round = 1; round <= Rounds; round++)
        {
            await server.BeginAnewAsync();
            await Task.Delay(all * round / (Rounds + 1)); // the moment of its death
            await server.KillAndRestartAsync();

            await GetTokenAsync(server);
        }

        Assert.All((await ListAsync(server)).GroupBy(key => key.Kind), kind => Assert.Single(kind, key => key.IsActive));
    }

    [Fact]
    [Case(389)]
    public async Task Rotation_that_was_killed_is_done_or_not_begun()
    {
        await using var server = await RunningServer.StartAsync();
        var began = Stopwatch.GetTimestamp();
        var keys = await ListAsync(server);
        var all = Stopwatch.GetElapsedTime(began);
        for (var round = 1; round <= Rounds; round++)
        {
            await using (server.Start("keys", "rotate", "--compromised", FindSigningKey(keys)))
            {
                await Task.Delay(all * (Rounds + round) / (2 * Rounds)); // a process is busy with itself at first; then it dies
            }

            keys = await ListAsync(server);
            Assert.All(keys.GroupBy(key => key.Kind), kind => Assert.Single(kind, key => key.IsActive));
            await GetTokenAsync(server);
        }

        var last = FindSigningKey(keys);
        await server.RunAsync("keys", "rotate", "--compromised", last);
        Assert.NotEqual(last, FindSigningKey(await ListAsync(server)));
    }

    private static Task<string> GetTokenAsync(RunningServer server) =>
        server.GetTokenAsync("service-worker", "service-worker-development-secret", "orders.read");

    private static string FindSigningKey(IEnumerable<(string Id, string Kind, bool IsActive)> keys) =>
        keys.First(key => key.IsActive && key.Kind.EndsWith("RS256", StringComparison.Ordinal)).Id;

    private static async Task<List<(string Id, string Kind, bool IsActive)>> ListAsync(RunningServer server) =>
    [
        .. KeyLine().Matches(await server.RunAsync("keys", "list")).Select(line =>
            (line.Groups["id"].Value, line.Groups["purpose"].Value + " " + line.Groups["algorithm"].Value, line.Groups["state"].Value is "active")),
    ];

    [GeneratedRegex(@"^(?<id>\S+)  +(?<purpose>[a-z-]+)  +(?<algorithm>\S+)  +(?<state>[a-z]+)  ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex KeyLine();
}
