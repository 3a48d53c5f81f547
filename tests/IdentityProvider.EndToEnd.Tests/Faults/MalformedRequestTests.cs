using System.Net.Sockets;
using System.Text;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Faults;

/// <summary>
/// Requests that two parsers could read in two ways (RFC 9112 §6.3, §5.2, §11.2), on a raw socket. Not among them: <c>Content-Length: +5</c>,
/// which Kestrel reads as 5 and whose sign no middleware sees.
/// </summary>
public sealed class MalformedRequestTests(MalformedRequestTests.Server server) : IClassFixture<MalformedRequestTests.Server>
{
    private const string Hidden = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";

    [Theory]
    [Case(371)]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 0\r\nContent-Length: 44\r\n\r\n")]
    [InlineData("Content-Length : 0\r\n\r\n")]
    [InlineData("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0;a=\n\r\n\r\n")]
    [InlineData("X-Header: a\rb\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("X-Header: a\r\n b\r\nContent-Length: 0\r\n\r\n")]
    public async Task Request_hidden_in_another_is_never_executed(string headersAndBody)
    {
        var request = $"POST /connect/token HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\n{headersAndBody}{Hidden}";

        var answer = await ExchangeAsync(request);

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
    }

    /// <summary>Guards the tests above: the second request is read when the first is well-formed.</summary>
    [Fact]
    public async Task Two_whole_requests_get_two_answers()
    {
        var answer = await ExchangeAsync($"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.Equal(2, answer.Split("HTTP/1.1 200 ").Length - 1);
    }

    /// <summary>Sends the bytes and reads until the server closes the connection, at most a minute.</summary>
    private async Task<string> ExchangeAsync(string request)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", server.Address.Port, limit.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), limit.Token);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync(limit.Token);
    }

    public sealed class Server : IAsyncLifetime
    {
        private RunningServer? _server;

        public Uri Address => new(_server!.Issuer);

        public async Task InitializeAsync() => _server = await RunningServer.StartAsync();

        public async Task DisposeAsync() => await _server!.DisposeAsync();
    }
}
