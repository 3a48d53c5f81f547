using System.Net;
using System.Net.Sockets;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Outbound;

/// <summary>
/// Fetches what stands at an address that somebody else named. The name is resolved once, every address it has must be public, and the
/// connection goes to the address that was checked, so that a second answer of the name server cannot lead elsewhere. No redirects,
/// no cookies, no proxy, no decompression; 64 kB and one time limit for all of it.
/// </summary>
internal sealed class OutboundFetcher : IClientKeyFetcher, IDisposable
{
    private const int MaxLength = 64 * 1024;

    private readonly OutboundOptions _options;
    private readonly ILogger<OutboundFetcher> _logger;
    private readonly HttpClient _http;

    public OutboundFetcher(IOptions<ProtocolOptions> options, ILogger<OutboundFetcher> logger)
    {
        _options = options.Value.Outbound;
        _logger = logger;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = ConnectAsync,
        };
        _http = new HttpClient(handler, disposeHandler: true)
        {
            Timeout = _options.Timeout,
            MaxResponseContentBufferSize = MaxLength,
        };
    }

    public async Task<byte[]?> FetchAsync(string jwksUri, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(jwksUri, UriKind.Absolute, out var uri) || !IsAllowed(uri))
        {
            OutboundLog.Refused(_logger, jwksUri, "only https addresses without user information are fetched");
            return null;
        }

        try
        {
            // The buffered read counts the body against the limit and the whole exchange against the timeout.
            using var response = await _http.GetAsync(uri, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                OutboundLog.Refused(_logger, jwksUri, "the answer was not 200");
                return null;
            }

            return await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            OutboundLog.Failed(_logger, jwksUri, exception.Message);
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    private bool IsAllowed(Uri uri) =>
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
