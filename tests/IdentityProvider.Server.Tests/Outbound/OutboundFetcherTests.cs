using System.Net;
using System.Net.Sockets;
using System.Text;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Outbound;
using IdentityProvider.Server.Outbound;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Tests.Outbound;

public sealed class OutboundFetcherTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _connections;

    public OutboundFetcherTests() => _listener.Start();

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private static OutboundFetcher NewFetcher(bool allowPrivate, int seconds = 30) => new(
        new OutboundHttp(Options.Create(new ProtocolOptions
        {
            Outbound = new OutboundOptions { AllowPrivateAddresses = allowPrivate, Timeout = TimeSpan.FromSeconds(seconds) },
        })),
        NullLogger<OutboundFetcher>.Instance);

    /// <summary>Answers each connection with these bytes, over and over when <paramref name="endless"/>.</summary>
    private void Serve(string answer, bool endless = false) => _ = Task.Run(async () =>
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync();
            Interlocked.Increment(ref _connections);
            var stream = client.GetStream();
            try
            {
                _ = await stream.ReadAtLeastAsync(new byte[16], 16);
                do
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
                }
                while (endless);
            }
            catch (IOException)
            {
                // They hung up, as they should.
            }
        }
    });

    [Theory]
    [Case(197)]
    [Case(142)]
    [InlineData("https://127.0.0.1:{0}/")]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("https://localhost:{0}/")]
    [InlineData("https://localhost.:{0}/")]
    [InlineData("https://[::1]:{0}/")]
    [InlineData("https://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("https://0.0.0.0:{0}/")]
    [InlineData("https://2130706433:{0}/")]
    [InlineData("https://0177.0.0.1:{0}/")]
    [InlineData("https://0x7f000001:{0}/")]
    [InlineData("https://127.1:{0}/")]
    [InlineData("https://user@127.0.0.1:{0}/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1:{0}/")]
    [InlineData("//127.0.0.1:{0}/")]
    public async Task Address_inside_is_refused_before_a_connection_is_made(string address)
    {
        Serve("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        var fetcher = NewFetcher(allowPrivate: false);

        Assert.Null(await fetcher.FetchAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, address, Port), CancellationToken.None));
        Assert.Equal(0, _connections);
    }

    [Theory]
    [Case(197)]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("0.1.2.3")]
    [InlineData("255.255.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("fd00::1")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("::ffff:10.0.0.1")]
    public void Special_address_is_not_public(string address) => Assert.False(PublicAddress.Is(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700::1111")]
    public void Ordinary_address_is_public(string address) => Assert.True(PublicAddress.Is(IPAddress.Parse(address)));

    [Fact]
    public async Task Document_is_fetched_where_private_addresses_are_allowed()
    {
        Serve("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"keys\":[]}");
        var fetcher = NewFetcher(allowPrivate: true);

        Assert.Equal("{\"keys\":[]}", Encoding.UTF8.GetString((await fetcher.FetchAsync($"http://127.0.0.1:{Port}/", CancellationToken.None))!));
    }

    [Theory]
    [Case(199)]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public async Task Redirect_is_not_followed(int status)
    {
        Serve($"HTTP/1.1 {status} Moved\r\nLocation: http://127.0.0.1:{Port}/inside\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        var fetcher = NewFetcher(allowPrivate: true);

        Assert.Null(await fetcher.FetchAsync($"http://127.0.0.1:{Port}/", CancellationToken.None));
        Assert.Equal(1, _connections);
    }

    [Theory]
    [Case(200)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nX-Endless: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", true)]
    public async Task Answer_without_bounds_is_cut(string answer, bool endless)
    {
        Serve(answer, endless);
        var fetcher = NewFetcher(allowPrivate: true, seconds: 2);

        Assert.Null(await fetcher.FetchAsync($"http://127.0.0.1:{Port}/", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    [Case(200)]
    public async Task Compressed_answer_is_not_inflated()
    {
        Serve("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u001f\u0000aa");
        var fetcher = NewFetcher(allowPrivate: true);

        Assert.Equal(4, (await fetcher.FetchAsync($"http://127.0.0.1:{Port}/", CancellationToken.None))!.Length);
    }
}
