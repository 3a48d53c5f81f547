using System.Text.Json;
using Microsoft.Extensions.Options;

namespace BffWeb.SignIn;

/// <summary>The issuer's metadata, fetched when first needed and kept for an hour.</summary>
internal sealed class IssuerDiscovery(IHttpClientFactory clients, IOptions<SiteOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromHours(1);

    private (IssuerMetadata Metadata, DateTimeOffset FetchedAt)? _known;

    /// <exception cref="IssuerUnavailableException">There is no issuer at the configured address.</exception>
    public async Task<IssuerMetadata> GetAsync(CancellationToken cancellationToken)
    {
        if (_known is { } known && time.GetUtcNow() < known.FetchedAt + Freshness)
        {
            return known.Metadata;
        }

        var issuer = options.Value.Issuer;
        var address = new Uri(issuer.TrimEnd('/') + "/.well-known/openid-configuration");
        try
        {
            using var http = clients.CreateClient(HttpClients.Issuer);
            var metadata = await http.GetFromJsonAsync<IssuerMetadata>(address, cancellationToken);

            // OIDC Discovery §4.3: what answers must be the issuer that was asked.
            if (!string.Equals(metadata?.Issuer, issuer, StringComparison.Ordinal))
            {
                throw new IssuerUnavailableException(issuer);
            }

            _known = (metadata!, time.GetUtcNow());
            return metadata!;
        }
        catch (Exception exception) when (IsOutage(exception, cancellationToken))
        {
            throw new IssuerUnavailableException(issuer, exception);
        }
    }

    private static bool IsOutage(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or JsonException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
