using System.Text.Json.Nodes;
using IdentityProvider.Redis;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Cluster;

/// <summary>Two nodes on one database that count in one Redis.</summary>
public sealed class SharedCountersTests(TwoNodesAndRedis nodes) : IClassFixture<TwoNodesAndRedis>
{
    private const string Wrong = "a wrong password, again";

    [RedisClusterFact]
    [Case(263)]
    public async Task Of_guesses_at_both_nodes_as_many_are_looked_at_as_the_limit_says_and_Redis_learns_no_name()
    {
        await nodes.BeginWindowAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => TryAsync(nodes[number % 2], "alice", Wrong)));

        Assert.Equal((5, 11), (answers.Count(answer => answer.Status == 400), answers.Count(answer => answer.Status == 429)));
        await Assert.AllAsync([nodes[0], nodes[1]], async node => Assert.Equal(429, (await TryAsync(node, "alice", ServerFixture.Password)).Status));
        var all = nodes.Counters.Run("EVAL", "local t = {} for _, k in ipairs(redis.call('KEYS', '*')) do t[#t + 1] = k .. '=' .. redis.call('GET', k) end return t", "0");
        Assert.All(all.Split('\n'), line => Assert.Matches("^idp:(attempt:[A-Za-z0-9_-]{43}=[0-9]+|epoch=[0-9a-f]{40}\\.[0-9a-f]{40}\\.0:[0-9]+:[0-9A-F]{16})$", line));
        Assert.Contains("=5", all, StringComparison.Ordinal);
    }

    [RedisClusterFact]
    public async Task A_right_password_is_taken_back_in_Redis_and_costs_the_database_no_counter()
    {
        await nodes.BeginWindowAsync();
        var before = CountersOf(nodes.Counters);
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(200, (await TryAsync(nodes[i % 2], "bob", ServerFixture.Password)).Status);
        }

        Assert.All(CountersOf(nodes.Counters).Except(before, StringComparer.Ordinal), key => Assert.Equal("0", nodes.Counters.Run("GET", key)));
        Assert.NotEmpty(CountersOf(nodes.Counters).Except(before, StringComparer.Ordinal));
    }

    [RedisClusterFact]
    public async Task Without_Redis_people_sign_in_the_limit_holds_and_the_node_is_ready_and_says_so()
    {
        await nodes.BeginWindowAsync();
        await SaysAsync("Healthy");
        await nodes.BeginWindowAsync();
        nodes.Counters.Pause();
        try
        {
            Assert.Equal(200, (await TryAsync(nodes[0], "bob", ServerFixture.Password)).Status);
            var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => TryAsync(nodes[number % 2], "nobody@example.com", Wrong)));
            Assert.Equal(5, answers.Count(answer => answer.Status == 400));
            await SaysAsync("Degraded: redis");
            Assert.Single(nodes[0].Logs.Entries, entry => entry.EventId == 8202 && entry.Text.Contains("did not answer", StringComparison.Ordinal));
        }
        finally
        {
            nodes.Counters.Resume();
        }
    }

    /// <summary>Ready, and in these words, once the key ring was read after the clocks were set.</summary>
    private Task SaysAsync(string words)
    {
        nodes.SetClocks();
        return RedisInstance.UntilAsync(async () =>
        {
            var answer = await nodes[0].GetAsync("/health/ready");
            return (answer.Status, answer.Body) == (200, words);
        });
    }

    private static string[] CountersOf(RedisInstance redis) => redis.Run("KEYS", "idp:attempt:*").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<Answer> TryAsync(ServerFixture server, string name, string password)
    {
        using var browser = server.NewBrowser();
        await browser.GoAsync("/signin");
        return await browser.SubmitAsync("signin", ("username", name), ("password", password));
    }
}

/// <summary>Two nodes and a Redis.</summary>
public sealed class TwoNodesAndRedis() : Nodes(2)
{
    private int _windows;

    internal RedisInstance Counters { get; private set; } = null!;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Counters?.Dispose();
    }

    /// <summary>A window that Redis counts in, with nothing counted yet.</summary>
    public async Task BeginWindowAsync()
    {
        await RedisInstance.UntilAsync(() =>
        {
            SetClocks(); // with others Redis is not used
            return All.All(node => node.Services.GetRequiredService<RedisClient>().Status.IsUsed);
        });
        _windows++;
        foreach (var node in All)
        {
            node.Clock.Advance(_windows * TimeSpan.FromMinutes(20));
        }
    }

    protected override void Change(JsonObject settings)
    {
        Counters = RedisInstance.Create();
        settings["Redis"] = new JsonObject { ["addresses"] = new JsonArray(Counters.Address), ["command_timeout_ms"] = 5000 };
        settings["Limits"] = new JsonObject { ["password_attempts"] = 5 };
    }
}

/// <summary>A test that needs PostgreSQL and Redis: skipped, visibly, where one is missing, but not in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RedisClusterFactAttribute : FactAttribute
{
    public RedisClusterFactAttribute() => Skip = PostgreSqlServer.FindObstacle() ?? RedisInstance.FindObstacle();
}
