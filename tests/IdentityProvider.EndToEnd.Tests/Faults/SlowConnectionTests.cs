using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Faults;

/// <summary>
/// Connections that are slow on purpose are closed, and others notice nothing. The limits are set short here; that their defaults are what the
/// case asks for is tested beside the server.
/// </summary>
public sealed class SlowConnectionTests(SlowConnectionTests.Fixture fixture) : IClassFixture<SlowConnectionTests.Fixture>
{
    private const int IdleConnections = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private RunningServer Server => fixture.Server;

    [Fact]
    [Case(373)]
    public async Task Headers_that_come_byte_by_byte_end_the_connection()
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Slow: "));

        Assert.StartsWith("HTTP/1.1 408 ", await DripAsync(socket), StringComparison.Ordinal);
    }

    [Fact]
    [Case(373)]
    public async Task Body_that_comes_byte_by_byte_ends_the_connection()
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            "POST /connect/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\ngrant_type="));

        Assert.StartsWith("HTTP/1.1 408 ", await DripAsync(socket), StringComparison.Ordinal);
    }

    /// <summary>Many requests, one after the other on one connection, and nobody takes the answers.</summary>
    [Fact]
    [Case(373)]
    public async Task Answers_that_nobody_reads_end_the_connection()
    {
        using var socket = await ConnectAsync(receiveBuffer: 4096);
        socket.Blocking = false;
        var request = Encoding.ASCII.GetBytes("GET /.well-known/openid-configuration HTTP/1.1\r\nHost: localhost\r\n\r\n");
        var requests = Enumerable.Repeat(request, 5000).SelectMany(bytes => bytes).ToArray();
        var (began, at, isFull, isClosed) = (Stopwatch.GetTimestamp(), 0, false, false);
        while (!isClosed)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, "the connection is still open");
            try
            {
                at = (at + socket.Send(requests.AsSpan(at))) % requests.Length;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock)
            {
                isFull = true; // the server takes no more requests: its answers wait for a reader
                await AssertServesOthersAsync();
                await Task.Delay(Pause);
            }
            catch (SocketException)
            {
                isClosed = true;
            }
        }

        Assert.True(isFull, "closed before anything had to wait");
    }

    [Fact]
    [Case(373)]
    public async Task Idle_connections_are_closed_and_others_are_served_meanwhile()
    {
        var sockets = new List<Socket>();
        try
        {
            for (var number = 0; number < IdleConnections; number++)
            {
                sockets.Add(await ConnectAsync());
                if (number % 2 == 0)
                {
                    // Idle after a request, as a browser is; the others never said a word.
                    await sockets[^1].SendAsync(Encoding.ASCII.GetBytes("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"));
                }
            }

            await AssertServesOthersAsync();
            var answers = await Task.WhenAll(sockets.Select(ReadToEndAsync)).WaitAsync(Patience);

            Assert.Equal(IdleConnections / 2, answers.Count(answer => answer.StartsWith("HTTP/1.1 200 OK", StringComparison.Ordinal)));
            Assert.Equal(IdleConnections / 2, answers.Count(answer => answer.Length == 0));
            await AssertServesOthersAsync();
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private async Task<Socket> ConnectAsync(int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } size)
        {
            socket.ReceiveBufferSize = size;
        }

        await socket.ConnectAsync(IPAddress.Loopback, new Uri(Server.Issuer).Port);
        return socket;
    }

    /// <summary>One byte now and then, until the server has had enough; what it said.</summary>
    private async Task<string> DripAsync(Socket socket)
    {
        var answer = ReadToEndAsync(socket);
        var began = Stopwatch.GetTimestamp();
        while (await Task.WhenAny(answer, Task.Delay(Pause)) != answer)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, "the connection is still open");
            await AssertServesOthersAsync();
            try
            {
                await socket.SendAsync("a"u8.ToArray());
            }
            catch (SocketException)
            {
                // Closed at this moment; the answer was sent before.
            }
        }

        return await answer;
    }

    /// <summary>All that comes until the other side closes.</summary>
    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer) is > 0 and var count)
            {
                text.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }
        }
        catch (SocketException)
        {
            // Reset because we sent on after the end.
        }

        return text.ToString();
    }

    private async Task AssertServesOthersAsync()
    {
        using var response = await Server.Http.GetAsync("/health/ready").WaitAsync(Patience);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal RunningServer Server { get; private set; } = null!;

        public async Task InitializeAsync() => Server = await RunningServer.StartAsync(
            KeyValuePair.Create("Listener:request_headers_timeout", "2"),
            KeyValuePair.Create("Listener:keep_alive_timeout", "8"),
            KeyValuePair.Create("Listener:min_response_rate", "100000000"), // what has filled all buffers must go on at once, so the test need not wait for hours
            KeyValuePair.Create("Listener:slowness_grace", "2"));

        public Task DisposeAsync() => Server.DisposeAsync().AsTask();
    }
}
