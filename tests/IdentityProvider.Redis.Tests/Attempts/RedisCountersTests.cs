using System.Globalization;
using IdentityProvider.Protocol.Attempts;

namespace IdentityProvider.Redis.Tests.Attempts;

/// <summary>What the contract of attempt stores (Storage.Tests) does not say: how it looks in Redis.</summary>
public sealed class RedisCountersTests
{
    [RedisFact]
    public async Task Counters_are_hashes_that_delete_themselves_and_nothing_else_is_kept()
    {
        using var server = RedisInstance.Create();
        await using var node = await RedisNode.StartAsync(server);

        await node.TryAsync("alice@example.com");

        var keys = server.Run("KEYS", "*").Split('\n').Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(2, keys.Length);
        Assert.Matches("^idp:attempt:[A-Za-z0-9_-]{43}$", keys[0]);
        Assert.Equal("idp:epoch", keys[1]);
        Assert.Equal("1", server.Run("GET", keys[0]));
        var rest = (node.CounterOf("x").EndsAt - TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(2)).TotalSeconds;
        Assert.InRange(int.Parse(server.Run("TTL", keys[0]), CultureInfo.InvariantCulture), rest - 60, rest + 1);
        Assert.Equal(0, node.Database.Calls);
    }

    [RedisFact]
    public async Task A_counter_lives_from_its_first_attempt_and_no_longer_for_more_of_them()
    {
        using var server = RedisInstance.Create();
        await using var node = await RedisNode.StartAsync(server);
        var counted = await node.Attempts.TryCountAsync(node.CounterOf("x"), default);
        var key = server.Run("KEYS", "idp:attempt:*");
        server.Run("PEXPIRE", key, "60000");

        await node.TryAsync("x");
        await node.Attempts.TakeBackAsync([counted!], default);

        Assert.InRange(int.Parse(server.Run("PTTL", key), CultureInfo.InvariantCulture), 1, 60_000);
    }

    [RedisFact]
    public async Task Taking_back_makes_no_counter_and_goes_not_below_none()
    {
        using var server = RedisInstance.Create();
        await using var node = await RedisNode.StartAsync(server);
        var counted = await node.Attempts.TryCountAsync(node.CounterOf("x"), default);
        var never = new CountedAttempt(node.CounterOf("never").Key, IsInCache: true);

        await node.Attempts.TakeBackAsync([counted!, never], default);
        await node.Attempts.TakeBackAsync([counted!, never], default);

        Assert.Equal("0", server.Run("GET", server.Run("KEYS", "idp:attempt:*")));
    }

    [RedisFact]
    public async Task A_server_that_forgot_the_scripts_is_told_them_again()
    {
        using var server = RedisInstance.Create();
        await using var node = await RedisNode.StartAsync(server);
        for (var i = 0; i < 5; i++)
        {
            Assert.True(await node.TryAsync("x"));
            server.Run("SCRIPT", "FLUSH");
        }

        Assert.False(await node.TryAsync("x"));
        Assert.Equal(0, node.Database.Calls);
    }

    [RedisFact]
    public async Task Two_prefixes_share_a_server_and_count_apart()
    {
        using var server = RedisInstance.Create();
        await using var node = await RedisNode.StartAsync(server);
        await using var other = RedisNode.Start(new RedisOptions { Addresses = [server.Address], KeyPrefix = "other:" });
        await using var apart = RedisNode.Start(new RedisOptions { Addresses = [server.Address], Database = 3 });
        foreach (var stranger in new[] { other, apart })
        {
            await stranger.UsesRedisAsync();
            stranger.BeginWindow();
        }

        foreach (var one in new[] { node, other, apart })
        {
            Assert.Equal([true, true, true, true, true, false], await TrySixAsync(one));
        }

        Assert.Equal("2", server.Run("-n", "3", "DBSIZE"));
    }

    [RedisFact]
    [Case(263)]
    public async Task The_gate_lets_all_in_who_are_right_and_five_who_are_wrong()
    {
        using var server = RedisInstance.Create();
        await using var node = await RedisNode.StartAsync(server);
        var gate = new AttemptGate(node.Attempts, new AttemptsInFlight(TimeProvider.System), node.Clock);
        for (var round = 0; round < 20; round++)
        {
            var (right, wrong, mixed) = ($"right {round}", $"wrong {round}", $"mixed {round}");

            Assert.Equal(20, (await CrowdAsync(gate, right, 20, _ => true)).Count(verified => verified));
            Assert.Equal(5, (await CrowdAsync(gate, wrong, 20, _ => false)).Count(verified => verified));
            var both = await CrowdAsync(gate, mixed, 60, number => number % 3 == 0);
            Assert.Equal(5, both.Where((_, number) => number % 3 != 0).Count(verified => verified));
        }

        Assert.Equal(0, node.Database.Calls);
    }

    /// <summary>Whether each was verified.</summary>
    private static Task<bool[]> CrowdAsync(AttemptGate gate, string value, int size, Func<int, bool> isRight) =>
        Task.WhenAll(Enumerable.Range(0, size).Select(number => Task.Run(async () =>
        {
            using var attempt = await gate.TryBeginAsync([(RedisNode.Five, value)], default);
            if (attempt.Refusal is not null)
            {
                return false;
            }

            await Task.Yield();
            if (isRight(number))
            {
                await attempt.TakeBackAsync(default);
            }

            return true;
        })));

    private static async Task<List<bool>> TrySixAsync(RedisNode node)
    {
        var answers = new List<bool>();
        for (var i = 0; i < 6; i++)
        {
            answers.Add(await node.TryAsync("x"));
        }

        return answers;
    }
}
