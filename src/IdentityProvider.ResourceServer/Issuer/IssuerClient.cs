using System.Net;
using System.Net.Http.Headers;

namespace IdentityProvider.ResourceServer.Issuer;

/// <summary>
/// HTTP to the issuer, and only GET: bounded in size and time, no redirects, no cookies, no decompression.
/// Throws <see cref="HttpRequestException"/>, <see cref="IOException"/>, <see cref="InvalidDataException"/>
/// or <see cref="OperationCanceledException"/> when there is no usable answer.
/// </summary>
internal sealed class IssuerClient(HttpMessageHandler? handler, TimeSpan timeout) : IDisposable
{
    private readonly HttpClient _http = new(handler ?? DefaultHandler(), disposeHandler: handler is null)
    {
        // The limit below covers the body too, which this one would not.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<IssuerDocument> GetAsync(
        Uri address, string accept, int maximumSize, string? entityTag, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);

        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        if (entityTag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", entityTag);
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        // RFC 9111 §4.2: what a cache between us has used up already does not count again.
        var maximumAge = response.Headers.CacheControl?.MaxAge - (response.Headers.Age ?? TimeSpan.Zero);
        if (response.StatusCode == HttpStatusCode.NotModified && entityTag is not null)
        {
            return new IssuerDocument(null, entityTag, maximumAge);
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException($"{address} answered {(int)response.StatusCode}.");
        }

        var body = await ReadAsync(response.Content, maximumSize, limit.Token);
        return new IssuerDocument(body, response.Headers.ETag?.ToString(), maximumAge);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<byte[]> ReadAsync(HttpContent content, int maximumSize, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maximumSize)
        {
            throw new InvalidDataException($"The issuer's answer is larger than {maximumSize} bytes.");
        }

        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > maximumSize)
            {
                throw new InvalidDataException($"The issuer's answer is larger than {maximumSize} bytes.");
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private static SocketsHttpHandler DefaultHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = 0,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };
}
