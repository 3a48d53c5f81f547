using IdentityProvider.Redis.Connections;
using IdentityProvider.Testing;

namespace IdentityProvider.Redis.Tests.Connections;

public sealed class RedisSessionTests
{
    private readonly ManualTimeProvider _clock = new();

    [RedisFact]
    public async Task All_who_connect_go_on_with_the_epoch_of_the_first()
    {
        using var server = RedisInstance.Create();
        await using var first = await OpenAsync(server);
        _clock.Advance(TimeSpan.FromHours(1));

        await using var second = await OpenAsync(server);

        Assert.Equal(first.Epoch, second.Epoch);
        Assert.Equal(_clock.GetUtcNow() - TimeSpan.FromHours(1) + TimeSpan.FromSeconds(90), first.Epoch.BeginsAt);
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
        var state = server.Run("INFO");
        var runId = state.Split('\n').Single(line => line.StartsWith("run_id:", StringComparison.Ordinal)).Trim()["run_id:".Length..];
        server.Run("SET", "idp:epoch", runId + ".0:soon");

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
