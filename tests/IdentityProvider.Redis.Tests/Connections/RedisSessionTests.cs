using System.Globalization;
using IdentityProvider.Redis.Connections;
using IdentityProvider.Testing;

namespace IdentityProvider.Redis.Tests.Connections;

public sealed class RedisSessionTests
{
    private readonly ManualTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    [RedisFact]
    public async Task All_who_connect_go_on_with_the_epoch_of_the_first()
    {
        using var server = RedisInstance.Create();
        await using var first = await OpenAsync(server);
        _clock.Advance(TimeSpan.FromSeconds(10));

        await using var second = await OpenAsync(server);

        Assert.Equal(first.Epoch, second.Epoch);
        var now = TimeProvider.System.GetUtcNow();
        Assert.InRange(first.Epoch.BeginsAt, now.AddSeconds(90 - 60), now.AddSeconds(90));
    }

    [RedisFact]
    public async Task A_node_whose_clock_is_far_from_that_of_the_server_begins_no_epoch_and_takes_part_in_none()
    {
        using var server = RedisInstance.Create();
        foreach (var (jump, direction) in new[] { (TimeSpan.FromDays(3), "behind"), (TimeSpan.FromHours(-2), "ahead of") })
        {
            _clock.Jump(jump);
            var outage = await Assert.ThrowsAsync<RedisOutageException>(() => OpenAsync(server));
            Assert.StartsWith($"has a clock that is more than 45 s {direction} this node's: ", outage.Message, StringComparison.Ordinal);
            Assert.Equal("0", server.Run("DBSIZE"));
            _clock.Jump(-jump);
        }

        await using var right = await OpenAsync(server);
        _clock.Jump(TimeSpan.FromHours(-2));
        await Assert.ThrowsAsync<RedisOutageException>(() => OpenAsync(server));
        Assert.Equal(right.Epoch.Name, server.Run("GET", "idp:epoch"));
    }

    [RedisFact]
    public async Task An_epoch_that_cannot_have_begun_yet_is_replaced_by_one_that_all_go_on_with()
    {
        using var server = RedisInstance.Create();
        await using var first = await OpenAsync(server);
        var future = TimeProvider.System.GetUtcNow().AddDays(3).ToUnixTimeMilliseconds();
        server.Run("SET", "idp:epoch", string.Create(CultureInfo.InvariantCulture, $"{first.Epoch.Name.Split(':')[0]}:{future}:00"));

        var sessions = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => OpenAsync(server)));

        Assert.Single(sessions.Select(session => session.Epoch.Name).Append(server.Run("GET", "idp:epoch")).Distinct(StringComparer.Ordinal));
        Assert.InRange(sessions[0].Epoch.BeginsAt, TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddSeconds(90));
        await Assert.AllAsync(sessions, async session => await session.DisposeAsync());
    }

    [RedisFact]
    public async Task A_look_finds_that_a_clock_was_set_back()
    {
        using var server = RedisInstance.Create();
        await using var session = await OpenAsync(server);
        _clock.Jump(TimeSpan.FromMinutes(-5));

        await session.CheckAsync(default);

        Assert.False(session.Connection.IsOpen);
        Assert.Contains("set back", (await session.Connection.Closed).Message, StringComparison.Ordinal);
    }

    [RedisFact]
    public async Task A_primary_that_was_a_replica_in_between_begins_another_epoch_also_as_the_same_process_with_its_data()
    {
        using var server = RedisInstance.Create();
        await using var session = await OpenAsync(server);
        server.Run("REPLICAOF", "127.0.0.1", "1");
        server.Run("REPLICAOF", "NO", "ONE");
        Assert.Equal(session.Epoch.Name, server.Run("GET", "idp:epoch"));

        await using var next = await OpenAsync(server);
        await session.CheckAsync(default);

        Assert.NotEqual(session.Epoch.Name, next.Epoch.Name);
        Assert.False(session.Connection.IsOpen);
        Assert.StartsWith("has another replication id", (await session.Connection.Closed).Message, StringComparison.Ordinal);
    }

    [RedisFact]
    public async Task A_look_at_a_server_that_is_as_it_was_changes_nothing()
    {
        using var server = RedisInstance.Create();
        await using var session = await OpenAsync(server);

        await session.CheckAsync(default);

        Assert.True(session.Connection.IsOpen);
    }

    [RedisFact]
    public async Task A_look_finds_what_was_flushed()
    {
        using var server = RedisInstance.Create();
        await using var session = await OpenAsync(server);
        server.Run("FLUSHALL");

        await session.CheckAsync(default);

        Assert.False(session.Connection.IsOpen);
        Assert.StartsWith("has lost what it counted", (await session.Connection.Closed).Message, StringComparison.Ordinal);
        await using var next = await OpenAsync(server);
        Assert.NotEqual(session.Epoch.Name, next.Epoch.Name);
    }

    [RedisFact]
    public async Task Keys_that_were_deleted_for_want_of_memory_end_the_epoch()
    {
        using var server = RedisInstance.Create();
        await using var session = await OpenAsync(server);
        server.Run("EVAL", "for i = 1, 5000 do redis.call('SET', i, string.rep('x', 1000)) end", "0");
        server.Run("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
        server.Run("CONFIG", "SET", "maxmemory", "3mb");
        server.Run("SET", "one", "more");
        server.Run("CONFIG", "SET", "maxmemory", "0");

        await session.CheckAsync(default);

        Assert.False(session.Connection.IsOpen);
        Assert.Equal("has deleted keys for want of memory: raise its maxmemory", (await session.Connection.Closed).Message);
        await using var next = await OpenAsync(server);
        Assert.NotEqual(session.Epoch.Name, next.Epoch.Name);
    }

    [RedisFact]
    public async Task A_value_of_somebody_else_in_place_of_the_epoch_is_told_and_not_believed()
    {
        using var server = RedisInstance.Create();
        await using var first = await OpenAsync(server);
        server.Run("SET", "idp:epoch", first.Epoch.Name.Split(':')[0] + ":soon");

        var outage = await Assert.ThrowsAsync<RedisOutageException>(() => OpenAsync(server));

        Assert.Equal("has something else under idp:epoch", outage.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a:b")]
    [InlineData("a:-1:b")]
    [InlineData("a:99999999999999999:b")]
    [InlineData("a:1:b:c")]
    public void An_epoch_that_cannot_be_read_is_none(string name) => Assert.Null(RedisEpoch.Parse(name));

    [Theory]
    [InlineData("role:master\r\nevicted_keys:0\r\nmaxmemory:0\r\n")]
    [InlineData("run_id:\r\nrole:master\r\nevicted_keys:0\r\nmaxmemory:0\r\n")]
    [InlineData("run_id:a:b\r\nrole:master\r\nevicted_keys:0\r\nmaxmemory:0\r\n")]
    public void A_server_that_does_not_say_who_it_is_cannot_be_used(string text) =>
        Assert.Contains("does not tell run_id", Assert.Throws<RedisOutageException>(() => RedisServerState.Parse(text)).Message, StringComparison.Ordinal);

    private Task<RedisSession> OpenAsync(RedisInstance server)
    {
        var options = new RedisOptions { Addresses = [server.Address], CommandTimeoutMs = 5000 };
        return RedisSession.OpenAsync(RedisAddress.Parse(server.Address)!, options, new RedisTrust(options), _clock, default);
    }
}
