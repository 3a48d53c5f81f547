using System.Net;
using System.Net.Sockets;
using System.Text;
using IdentityProvider.Redis.Connections;

namespace IdentityProvider.Redis.Tests.Connections;

/// <summary>The other end of a connection, which says what the test wants it to.</summary>
internal sealed class FakeRedis : IAsyncDisposable
{
    private readonly TcpClient _server;

    private FakeRedis(TcpClient server, RedisConnection connection)
    {
        _server = server;
        Connection = connection;
    }

    public RedisConnection Connection { get; }

    public static async Task<FakeRedis> ConnectAsync(TimeSpan? timeout = null)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(listener.LocalEndpoint);
        var server = await listener.AcceptTcpClientAsync();
        server.NoDelay = true;
        return new FakeRedis(server, new RedisConnection(new NetworkStream(client, ownsSocket: true), timeout ?? TimeSpan.FromSeconds(30)));
    }

    public async Task SayAsync(string reply) => await _server.GetStream().WriteAsync(Encoding.Latin1.GetBytes(reply));

    /// <summary>What we sent, so many bytes of it.</summary>
    public async Task<string> HearAsync(int length)
    {
        var buffer = new byte[length];
        await _server.GetStream().ReadExactlyAsync(buffer);
        return Encoding.Latin1.GetString(buffer);
    }

    /// <summary>Says no more.</summary>
    public void HangUp() => _server.Client.Shutdown(SocketShutdown.Send);

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        _server.Dispose();
    }
}
