using System.Diagnostics;
using System.Globalization;
using IdentityProvider.Testing;

namespace IdentityProvider.Redis.Tests.Attempts;

/// <summary>Losing Redis makes us slower, never wrong.</summary>
public sealed class RedisOutageTests
{
    [RedisFact]
    public async Task Without_a_server_the_database_counts_from_the_first_attempt_on()
    {
        using var server = RedisInstance.Prepare();
        await using var node = RedisNode.Start(new RedisOptions { Addresses = [server.Address] });

        Assert.Equal(5, await LetInAsync(node, "x", 10));
        await RedisInstance.UntilAsync(() => Lost(node).Length > 0);

        Assert.Equal($"Redis is not used, attempts are counted in the database: {server.Address} cannot be reached: ConnectionRefused", Lost(node)[0]);
        server.Start();
        await node.UsesRedisAsync();
        Assert.False(await node.TryAsync("x")); // Redis has not seen this window begin
        node.BeginWindow();
        var calls = node.Database.Calls;
        Assert.Equal(5, await LetInAsync(node, "x", 10));
        Assert.Equal(calls, node.Database.Calls);
    }

    [RedisFact]
    public async Task Killed_and_started_again_in_the_middle_of_traffic_nobody_is_refused_who_has_attempts_left()
    {
        using var server = RedisInstance.Create();
        await using var node = await RedisNode.StartAsync(server);
        using var over = new CancellationTokenSource();
        var traffic = Enumerable.Range(0, 16).Select(number => Task.Run(async () =>
        {
            var attempts = 0;
            while (!over.IsCancellationRequested)
            {
                // Right ones at a counter that all share, wrong ones at counters of their own.
                var right = await node.Attempts.TryCountAsync(node.CounterOf("shared"), default);
                Assert.True(await node.TryAsync($"{number} {attempts++}"));
                if (right is not null)
                {
                    await node.Attempts.TakeBackAsync([right], default);
                }

                await Task.Yield(); // without Redis nothing else would: the threads are needed to connect to it again
            }

            return attempts;
        })).ToArray();

        for (var crash = 0; crash < 3; crash++)
        {
            server.Kill();
            await node.LosesRedisAsync();
            server.Start();
            await node.UsesRedisAsync();
            node.BeginWindow();
        }

        await over.CancelAsync();
        Assert.All(await Task.WhenAll(traffic), attempts => Assert.InRange(attempts, 1, int.MaxValue));
        Assert.InRange(Lost(node).Length, 3, 9); // that the connection is gone, and then that nobody listens: lines for changes, not for requests
        Assert.Equal(4, node.Logs.Entries.Count(entry => entry.EventId == 8201));
    }

    [RedisFact]
    public async Task A_server_that_hangs_costs_one_timeout_and_then_nothing()
    {
        using var server = RedisInstance.Create();
        await using var node = await RedisNode.StartAsync(server, timeout: 2000); // longer than a busy machine keeps anybody from reading an answer
        Assert.True(await node.TryAsync("x"));
        server.Pause();

        var first = Stopwatch.StartNew();
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 16).Select(number => node.TryAsync($"{number}"))), Assert.True);
        Assert.InRange(first.ElapsedMilliseconds, 1500, 20_000); // together, not after each other
        Assert.False(node.Status.IsUsed);
        await RedisInstance.UntilAsync(() => node.Status.Text.EndsWith("did not answer within 2000 ms (Redis:command_timeout_ms)", StringComparison.Ordinal));
        Assert.Equal(16, node.Database.Calls);
        for (var i = 0; i < 100; i++)
        {
            var next = node.TryAsync($"later {i}");
            Assert.True(next.IsCompletedSuccessfully); // nobody waits behind a dead connection
        }

        server.Resume();
        await node.UsesRedisAsync();
        Assert.Equal(4, await LetInAsync(node, "x", 10)); // it has forgotten nothing
    }

    [RedisFact]
    public async Task Going_and_coming_again_gives_nobody_more_than_twice_the_attempts()
    {
        using var server = RedisInstance.Create();
        await using var node = await RedisNode.StartAsync(server, timeout: 500);
        var letIn = 0;
        for (var flap = 0; flap < 5; flap++)
        {
            letIn += await LetInAsync(node, "victim", 3);
            server.Pause();
            letIn += await LetInAsync(node, "victim", 3);
            server.Resume();
            await node.UsesRedisAsync();
        }

        Assert.InRange(letIn, 6, 10); // Redis carries out later what nobody waited for: that is counted, and nobody was let in for it
    }

    [RedisFact]
    [Case(263)]
    public async Task Forgetting_over_and_over_gives_nobody_more_than_twice_the_attempts()
    {
        using var server = RedisInstance.Create();
        await using var node = await RedisNode.StartAsync(server);
        var letIn = await LetInAsync(node, "victim", 10);
        Assert.Equal(5, letIn);
        foreach (var loss in new Action[] { Flush, Restart, Flush, RestartWithOldData, Restart })
        {
            loss();
            letIn += await LetInAsync(node, "victim", 10);
            await node.UsesRedisAsync();
            letIn += await LetInAsync(node, "victim", 10);
        }

        Assert.Equal(10, letIn);
        Assert.Contains("has lost what it counted (restarted, flushed or replaced)", node.Logs.AllText, StringComparison.Ordinal);

        // And the next window is Redis' again.
        node.BeginWindow();
        var calls = node.Database.Calls;
        Assert.Equal(5, await LetInAsync(node, "victim", 10));
        Assert.Equal(calls, node.Database.Calls);

        void Flush() => server.Run("FLUSHALL");

        void Restart()
        {
            server.Kill();
            server.Start();
        }

        void RestartWithOldData()
        {
            server.Run("SAVE"); // the epoch of now; what comes later is not in it
            server.Kill();
            server.Start();
        }
    }

    [RedisFact]
    public async Task A_node_that_cannot_reach_Redis_and_those_that_can_let_in_twice_as_many_together()
    {
        using var server = RedisInstance.Create();
        await using var node = await RedisNode.StartAsync(server);
        await using var other = await RedisNode.StartAsync(server, beside: node);
        await using var cutOff = RedisNode.Start(new RedisOptions { Addresses = ["127.0.0.1:1"] }, beside: node);

        Assert.Equal(5, await LetInAsync(node, "x", 3) + await LetInAsync(other, "x", 3));
        Assert.Equal(5, await LetInAsync(cutOff, "x", 10));
    }

    [RedisFact]
    public async Task What_Redis_counted_is_never_taken_back_in_the_database()
    {
        using var server = RedisInstance.Create();
        await using var node = await RedisNode.StartAsync(server);
        var counted = await node.Attempts.TryCountAsync(node.CounterOf("x"), default);
        server.Kill();
        await node.LosesRedisAsync();
        Assert.Equal(5, await LetInAsync(node, "x", 10));

        await node.Attempts.TakeBackAsync([counted!], default);

        Assert.False(await node.TryAsync("x"));
    }

    [RedisFact]
    public async Task Each_attempt_is_taken_back_where_it_was_counted()
    {
        using var server = RedisInstance.Create();
        await using var node = await RedisNode.StartAsync(server);
        var inRedis = await node.Attempts.TryCountAsync(node.CounterOf("x"), default);
        var inDatabase = await node.Database.TryCountAsync(node.CounterOf("x"), default);
        Assert.Equal((true, false), (inRedis!.IsInCache, inDatabase!.IsInCache));

        await node.Attempts.TakeBackAsync([inRedis, inDatabase], default);

        Assert.Equal(5, await LetInAsync(node, "x", 10));
        server.Kill();
        await node.LosesRedisAsync();
        Assert.Equal(5, await LetInAsync(node, "x", 10));
    }

    [RedisFact]
    public async Task A_full_server_is_not_counted_on_until_it_has_room()
    {
        using var server = RedisInstance.Create();
        await using var node = await RedisNode.StartAsync(server);
        Assert.True(await node.TryAsync("x"));

        server.Run("CONFIG", "SET", "maxmemory", "1");
        Assert.Equal(5, await LetInAsync(node, "x", 10));

        await RedisInstance.UntilAsync(() => node.Status.Text.EndsWith("is full: raise its maxmemory", StringComparison.Ordinal));
        server.Run("CONFIG", "SET", "maxmemory", "0");
        await node.UsesRedisAsync();
        Assert.Equal(4, await LetInAsync(node, "x", 10));
    }

    [RedisFact]
    public async Task A_server_that_makes_room_by_forgetting_is_not_counted_on()
    {
        using var server = RedisInstance.Create("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");
        await using var node = RedisNode.Start(new RedisOptions { Addresses = [server.Address] });

        await RedisInstance.UntilAsync(() => node.Status.Text.EndsWith("set maxmemory-policy noeviction", StringComparison.Ordinal));
        server.Run("CONFIG", "SET", "maxmemory-policy", "noeviction");
        await node.UsesRedisAsync();
    }

    [RedisFact]
    public async Task A_cluster_is_not_counted_on()
    {
        using var server = RedisInstance.Create("--cluster-enabled", "yes");
        await using var node = RedisNode.Start(new RedisOptions { Addresses = [server.Address] });

        await RedisInstance.UntilAsync(() => node.Status.Text.Contains("is part of a cluster", StringComparison.Ordinal));
        Assert.Equal(5, await LetInAsync(node, "x", 10));
    }

    [RedisFact]
    public async Task Of_several_addresses_the_primary_is_used_and_a_replica_only_when_it_has_become_one()
    {
        using var primary = RedisInstance.Create();
        using var replica = RedisInstance.Create("--replicaof", "127.0.0.1 " + primary.Port.ToString(CultureInfo.InvariantCulture));
        await RedisInstance.UntilAsync(() => primary.Run("INFO").Contains("connected_slaves:1", StringComparison.Ordinal)); // which begins an epoch
        await using var node = RedisNode.Start(new RedisOptions { Addresses = [replica.Address, primary.Address] });
        await node.UsesRedisAsync();
        Assert.Equal(primary.Address, node.Status.Text);
        node.BeginWindow();
        Assert.Equal(5, await LetInAsync(node, "x", 10));
        Assert.Equal(0, node.Database.Calls);

        primary.Kill();
        replica.Run("REPLICAOF", "NO", "ONE");

        await RedisInstance.UntilAsync(() => node.Status is { IsUsed: true } status && status.Text == replica.Address);
        Assert.Equal(5, await LetInAsync(node, "x", 10)); // by the database: what the replica has not received nobody knows
        Assert.Equal(10, node.Database.Calls);
    }

    [RedisFact]
    public async Task An_address_that_fails_in_a_way_nobody_thought_of_does_not_keep_from_the_next()
    {
        using var one = RedisInstance.Create();
        using var other = RedisInstance.Create();
        await using var node = RedisNode.Start(new RedisOptions { Addresses = [one.Address, other.Address] }, own: new FailingClock(times: 1));
        await using var lost = RedisNode.Start(new RedisOptions { Addresses = [one.Address, "127.0.0.1:1"] }, own: new FailingClock(int.MaxValue));

        await node.UsesRedisAsync();
        Assert.Equal(other.Address, node.Status.Text);
        await RedisInstance.UntilAsync(() => lost.Logs.Entries.Any(entry => entry.EventId == 8203));
        Assert.Equal($"{one.Address} cannot be used: NotSupportedException; 127.0.0.1:1 cannot be reached: ConnectionRefused", lost.Status.Text);
        Assert.Equal(5, await LetInAsync(lost, "x", 10));
    }

    [RedisFact]
    public async Task A_node_whose_clock_is_wrong_counts_in_the_database_and_leaves_Redis_to_the_others()
    {
        using var server = RedisInstance.Create();
        var wrong = new ManualTimeProvider(TimeProvider.System.GetUtcNow().AddDays(3));
        await using var fast = RedisNode.Start(new RedisOptions { Addresses = [server.Address] }, own: wrong);
        await RedisInstance.UntilAsync(() => fast.Status.Text.Contains("has a clock that is more than 45 s behind this node's", StringComparison.Ordinal));
        await using var node = await RedisNode.StartAsync(server, beside: fast);
        node.BeginWindow();

        Assert.Equal(5, await LetInAsync(node, "x", 10));
        Assert.Equal(0, node.Database.Calls);
        Assert.Equal(5, await LetInAsync(fast, "x", 10));
        Assert.Equal(10, node.Database.Calls);
        wrong.Jump(TimeSpan.FromDays(-3));
        await fast.UsesRedisAsync();
        Assert.False(await fast.TryAsync("x"));
        Assert.Equal(10, node.Database.Calls);
    }

    [RedisFact]
    public async Task A_primary_that_becomes_a_replica_is_left_at_its_first_refusal()
    {
        using var server = RedisInstance.Create();
        await using var node = await RedisNode.StartAsync(server);

        server.Run("REPLICAOF", "127.0.0.1", "1");
        Assert.Equal(5, await LetInAsync(node, "x", 10));

        await RedisInstance.UntilAsync(() => node.Status.Text.EndsWith("is a replica and takes no writes: name its primary in Redis:addresses", StringComparison.Ordinal));
    }

    /// <summary>How many of so many attempts after each other are let in.</summary>
    private static async Task<int> LetInAsync(RedisNode node, string value, int attempts)
    {
        var letIn = 0;
        for (var i = 0; i < attempts; i++)
        {
            letIn += await node.TryAsync(value) ? 1 : 0;
        }

        return letIn;
    }

    private static string[] Lost(RedisNode node) => [.. node.Logs.Entries.Where(entry => entry.EventId == 8202).Select(entry => entry.Text)];

    /// <summary>Something that goes wrong in a way that the code does not know of, so many times.</summary>
    private sealed class FailingClock(int times) : TimeProvider
    {
        private int _times = times;

        public override DateTimeOffset GetUtcNow() => _times-- > 0 ? throw new NotSupportedException() : base.GetUtcNow();
    }
}
