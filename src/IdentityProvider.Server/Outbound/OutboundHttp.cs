using System.Net;
using System.Net.Sockets;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Outbound;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Outbound;

/// <summary>
/// Exchanges with addresses that somebody else named. The name is resolved once, every address it has must be public, and the connection
/// goes to the address that was checked, so that a second answer of the name server cannot lead elsewhere. No redirects, no cookies, no
/// proxy, no decompression; 64 kB and one time limit for all of it.
/// </summary>
internal sealed class OutboundHttp : IDisposable
{
    public const string NotAllowed = "only https addresses without user information are asked";

    private const int MaxLength = 64 * 1024;

    private readonly OutboundOptions _options;
    private readonly HttpClient _http;

    public OutboundHttp(IOptions<ProtocolOptions> options)
    {
        _options = options.Value.Outbound;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = MaxLength,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = ConnectAsync,
        };
        _http = new HttpClient(handler, disposeHandler: true)
        {
            Timeout = _options.Timeout,
            MaxResponseContentBufferSize = MaxLength,
        };
    }

    /// <summary>Sends a request whose address <see cref="IsAllowed"/>.</summary>
    /// <param name="request">Anything without secrets of ours, but those for the very party that is asked.</param>
    /// <param name="completion">Whether the body is read too, under the limits, or left alone.</param>
    /// <param name="cancellationToken">Cancels the exchange.</param>
    /// <exception cref="HttpRequestException">No answer could be had, or one that is too long.</exception>
    /// <exception cref="OperationCanceledException">The time was up, or the caller cancelled.</exception>
    public Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken) =>
        _http.SendAsync(request, completion, cancellationToken);

    /// <summary>Whether an exception of <see cref="SendAsync"/> is the other side's doing and not ours.</summary>
    public static bool IsOutage(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    public void Dispose() => _http.Dispose();

    public bool IsAllowed(Uri uri) =>
        uri.UserInfo.Length == 0
        && (string.Equals(uri.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal)
            || (_options.AllowPrivateAddresses && string.Equals(uri.Scheme, Uri.UriSchemeHttp, StringComparison.Ordinal)));

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        if (addresses.Length == 0 || (!_options.AllowPrivateAddresses && !Array.TrueForAll(addresses, PublicAddress.Is)))
        {
            throw new HttpRequestException("the host has no address, or one that is not on the public internet");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
