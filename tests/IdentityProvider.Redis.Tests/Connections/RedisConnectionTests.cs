using IdentityProvider.Redis.Connections;
using IdentityProvider.Redis.Resp;

namespace IdentityProvider.Redis.Tests.Connections;

public sealed class RedisConnectionTests
{
    private static readonly ReadOnlyMemory<byte> Ping = RespCommand.Of("PING");

    [Fact]
    public async Task Replies_are_handed_out_in_the_order_of_the_commands_however_they_arrive()
    {
        await using var redis = await FakeRedis.ConnectAsync();
        var replies = Enumerable.Range(0, 3).Select(_ => redis.Connection.SendAsync(Ping, default)).ToArray();
        Assert.Equal(string.Concat(Enumerable.Repeat("*1\r\n$4\r\nPING\r\n", 3)), await redis.HearAsync(3 * Ping.Length));

        foreach (var letter in "$5\r\nfir")
        {
            await redis.SayAsync(letter.ToString());
        }

        await redis.SayAsync("st\r\n:2\r\n+th");
        await Task.WhenAll(replies[..2]);
        Assert.False(replies[2].IsCompleted);
        await redis.SayAsync("ird\r\n");

        Assert.Equal(("first", 2, "third"), ((await replies[0]).AsText(), (await replies[1]).Integer, (await replies[2]).AsText()));
    }

    [Fact]
    public async Task Who_stops_waiting_leaves_the_others_their_own_replies()
    {
        await using var redis = await FakeRedis.ConnectAsync();
        using var leaving = new CancellationTokenSource();
        var first = redis.Connection.SendAsync(Ping, leaving.Token);
        var second = redis.Connection.SendAsync(Ping, default);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await redis.SayAsync(":1\r\n:2\r\n");

        Assert.Equal(2, (await second).Integer);
        Assert.True(redis.Connection.IsOpen);
    }

    [Fact]
    public async Task A_reply_that_is_late_ends_the_connection_for_all_who_wait()
    {
        await using var redis = await FakeRedis.ConnectAsync(TimeSpan.FromMilliseconds(50));
        var (first, second) = (redis.Connection.SendAsync(Ping, default), redis.Connection.SendAsync(Ping, default));

        Assert.Contains("did not answer within 50 ms", (await Assert.ThrowsAsync<RedisOutageException>(() => first)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RedisOutageException>(() => second);
        await Assert.ThrowsAsync<RedisOutageException>(() => redis.Connection.SendAsync(Ping, default));
        Assert.False(redis.Connection.IsOpen);
    }

    [Theory]
    [InlineData("+nobody asked\r\n:1\r\n+OK\r\n", "a reply that nobody asked for")]
    [InlineData(":1\r\nHTTP/1.1 400\r\n", "no known kind")]
    [InlineData("$99999999\r\n", "a bulk of 99999999 bytes")]
    public async Task What_is_no_answer_ends_the_connection(string said, string reason)
    {
        await using var redis = await FakeRedis.ConnectAsync();
        var sent = redis.Connection.SendAsync(Ping, default);

        await redis.SayAsync(said);

        Assert.Contains(reason, (await redis.Connection.Closed).Message, StringComparison.Ordinal);
        await sent.ContinueWith(_ => { }, TaskScheduler.Default);
        await Assert.ThrowsAsync<RedisOutageException>(() => redis.Connection.SendAsync(Ping, default));
    }

    [Fact]
    public async Task A_server_that_never_ends_its_reply_is_left_at_the_largest_size()
    {
        await using var redis = await FakeRedis.ConnectAsync();
        var sent = redis.Connection.SendAsync(Ping, default);
        var item = "$1000\r\n" + new string('a', 1000) + "\r\n";

        await redis.SayAsync("*200\r\n" + string.Concat(Enumerable.Repeat(item, 66)));

        await Assert.ThrowsAsync<RedisOutageException>(() => sent);
        Assert.Contains("more than 65536 bytes", (await redis.Connection.Closed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_waits_is_told_when_the_server_hangs_up()
    {
        await using var redis = await FakeRedis.ConnectAsync();
        var sent = redis.Connection.SendAsync(Ping, default);

        redis.HangUp();

        Assert.Contains("closed the connection", (await Assert.ThrowsAsync<RedisOutageException>(() => sent)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_waits_is_told_also_when_the_stream_cannot_be_closed()
    {
        var connection = new RedisConnection(new StubStream { WhenClosed = () => throw new IOException("not now") }, TimeSpan.FromSeconds(30));
        var sent = connection.SendAsync(Ping, default);

        connection.Close(new RedisOutageException("is tested"));

        Assert.Equal("is tested", (await Assert.ThrowsAsync<RedisOutageException>(() => sent)).Message);
        Assert.Equal("is tested", (await connection.Closed).Message);
    }

    [Fact]
    public async Task Who_sends_first_goes_on_before_what_came_meanwhile_is_sent()
    {
        using var goesOn = new ManualResetEventSlim();
        var second = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var stream = new StubStream();
        await using var connection = new RedisConnection(stream, TimeSpan.FromSeconds(30));
        stream.WhenWritten = time =>
        {
            if (time == 1)
            {
                _ = connection.SendAsync(Ping, default);
            }
            else
            {
                second.SetResult(goesOn.Wait(TimeSpan.FromSeconds(10)));
            }
        };

        _ = connection.SendAsync(Ping, default);
        goesOn.Set();

        Assert.True(await second.Task);
    }

    [Fact]
    public async Task No_more_wait_than_there_is_room_for()
    {
        await using var redis = await FakeRedis.ConnectAsync();
        var waiting = Enumerable.Range(0, RedisConnection.MaxPending).Select(_ => redis.Connection.SendAsync(Ping, default)).ToArray();

        await Assert.ThrowsAsync<RedisOutageException>(() => redis.Connection.SendAsync(Ping, default));

        Assert.True(redis.Connection.IsOpen);
        await redis.SayAsync(string.Concat(Enumerable.Repeat("+OK\r\n", RedisConnection.MaxPending)));
        Assert.All(await Task.WhenAll(waiting), reply => Assert.Equal("OK", reply.AsText()));
    }

    [Fact]
    public async Task Who_comes_with_a_cancelled_token_sends_nothing()
    {
        await using var redis = await FakeRedis.ConnectAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => redis.Connection.SendAsync(RespCommand.Of("DEL", "a"), new CancellationToken(true)));

        var sent = redis.Connection.SendAsync(Ping, default);

        Assert.Equal("*1\r\n$4\r\nPING\r\n", await redis.HearAsync(Ping.Length));
        await redis.SayAsync("+OK\r\n");
        await sent;
    }

    [Theory]
    [InlineData("LOADING Redis is loading the dataset in memory", "is loading its data set")]
    [InlineData("READONLY You can't write against a read only replica.", "name its primary in Redis:addresses")]
    [InlineData("MISCONF Redis is configured to save RDB snapshots", "switch saving off")]
    [InlineData("NOAUTH Authentication required.", "set Redis:password")]
    [InlineData("OOM command not allowed when used memory > 'maxmemory'.", "raise its maxmemory")]
    [InlineData("MOVED 3999 127.0.0.1:6381", "cluster, which is not supported")]
    [InlineData("ERR something\u0007 new", "ERR something? new")]
    public void An_error_says_what_to_do(string error, string expected) =>
        Assert.Contains(expected, RedisRefusal.Of(RespValue.OfError(System.Text.Encoding.UTF8.GetBytes(error))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_server_that_repeats_what_it_does_not_know_does_not_bring_the_password_into_the_log() => Assert.DoesNotContain(
        "geheim",
        RedisRefusal.OfAuthentication(RespValue.OfError("ERR unknown command 'AUTH', with args beginning with: 'geheim'"u8)).Message,
        StringComparison.Ordinal);
}
