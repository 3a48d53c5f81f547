using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace IdentityProvider.Redis.Connections;

/// <summary>Opens the stream to a server, protected as the settings say.</summary>
internal static class RedisDialer
{
    /// <exception cref="RedisOutageException">There is nobody, or not who we look for.</exception>
    public static async Task<Stream> DialAsync(RedisAddress address, RedisOptions options, RedisTrust trust, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
            var stream = new NetworkStream(socket, ownsSocket: true);
            return options.Tls ? await ProtectAsync(stream, address.Host, trust, cancellationToken) : stream;
        }
        catch (Exception exception)
        {
            socket.Dispose();
            throw exception switch
            {
                AuthenticationException => new RedisOutageException("has no TLS certificate that is trusted for this name: " + Reason(exception), exception),
                SocketException or IOException => new RedisOutageException("cannot be reached: " + Reason(exception), exception),
                _ => exception,
            };
        }
    }

    /// <summary>The innermost reason, which names it best: of a socket its error, of TLS what is wrong with the certificate.</summary>
    public static string Reason(Exception exception) => exception switch
    {
        SocketException socket => socket.SocketErrorCode.ToString(),
        { InnerException: { } inner } => Reason(inner),
        ObjectDisposedException => "closed",
        _ => exception.Message,
    };

    private static async Task<Stream> ProtectAsync(NetworkStream stream, string host, RedisTrust trust, CancellationToken cancellationToken)
    {
        var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(trust.For(host), cancellationToken);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }
}
