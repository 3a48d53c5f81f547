using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace ServiceWorker;

/// <summary>
/// The service's access token: fetched by client credentials (RFC 6749 §4.4) and kept until shortly before it expires.
/// Callers that need one at the same time wait for the same request.
/// </summary>
internal sealed class AccessTokens(IHttpClientFactory clients, IOptions<WorkerOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>The client for the identity provider; it carries no token.</summary>
    public const string HttpClientName = "issuer";

    /// <summary>A token is not used in its last seconds: it could expire on the way.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _gate = new(1);
    private string? _token;
    private DateTimeOffset _usableUntil;

    /// <param name="refused">A token an API did not accept; if it is still the one kept here, another is fetched.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    public async Task<string> GetAsync(string? refused, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_token is null || time.GetUtcNow() >= _usableUntil || string.Equals(_token, refused, StringComparison.Ordinal))
            {
                var response = await RequestAsync(cancellationToken);
                var lifetime = TimeSpan.FromSeconds(response.ExpiresIn);
                _token = response.AccessToken;
                _usableUntil = time.GetUtcNow() + lifetime - (lifetime > Margin * 2 ? Margin : lifetime / 2);
            }

            return _token;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<TokenResponse> RequestAsync(CancellationToken cancellationToken)
    {
        using var http = clients.CreateClient(HttpClientName);
        using var request = new HttpRequestMessage(HttpMethod.Post, await FindTokenEndpointAsync(http, cancellationToken));
        request.Content = new FormUrlEncodedContent(
        [
            KeyValuePair.Create("grant_type", "client_credentials"),
            KeyValuePair.Create("scope", options.Value.Scope),
        ]);

        // RFC 6749 §2.3.1: both are form-encoded before they are joined.
        var credentials = Uri.EscapeDataString(options.Value.ClientId) + ":" + Uri.EscapeDataString(options.Value.ClientSecret);
        request.Headers.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(credentials)));

        using var response = await http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            // An OAuth error response (RFC 6749 §5.2) holds no secret.
            var error = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException($"The token endpoint answered {(int)response.StatusCode}: {error}");
        }

        return await response.Content.ReadFromJsonAsync<TokenResponse>(cancellationToken)
            ?? throw new HttpRequestException("The token endpoint answered nothing.");
    }

    private async Task<Uri> FindTokenEndpointAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var issuer = options.Value.Issuer;
        var metadata = await http.GetFromJsonAsync<Metadata>(
            new Uri(issuer.TrimEnd('/') + "/.well-known/openid-configuration"), cancellationToken);

        // OIDC Discovery §4.3: what answers must be the issuer that was asked.
        return metadata is { TokenEndpoint: { } endpoint } && string.Equals(metadata.Issuer, issuer, StringComparison.Ordinal)
            ? endpoint
            : throw new HttpRequestException($"{issuer} does not describe itself as an issuer with a token endpoint.");
    }

    private sealed record Metadata(
        [property: JsonPropertyName("issuer")] string? Issuer,
        [property: JsonPropertyName("token_endpoint")] Uri? TokenEndpoint);

    private sealed record TokenResponse(
        [property: JsonPropertyName("access_token"), JsonRequired] string AccessToken,
        [property: JsonPropertyName("expires_in")] int ExpiresIn);
}
