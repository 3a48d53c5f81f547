using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace NativeApp;

/// <summary>The identity provider's endpoints, as a public client calls them: no secret, only its name.</summary>
internal sealed class Issuer(HttpClient http, AppSettings settings)
{
    private Metadata? _metadata;

    /// <exception cref="NativeException">Nothing at the configured address describes itself as that issuer.</exception>
    public async Task<Metadata> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            _metadata ??= await http.GetFromJsonAsync<Metadata>(
                new Uri(settings.Issuer.TrimEnd('/') + "/.well-known/openid-configuration"), cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            throw NotThere();
        }

        // OIDC Discovery §4.3: what answers must be the issuer that was asked.
        return _metadata is { } found && string.Equals(found.Issuer, settings.Issuer, StringComparison.Ordinal) ? found : throw NotThere();
    }

    public async Task<TokenResponse> RedeemAsync(string code, string redirectUri, string verifier, CancellationToken cancellationToken)
    {
        var metadata = await FindAsync(cancellationToken);
        using var response = await PostAsync(
            metadata.TokenEndpoint,
            [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectUri), ("code_verifier", verifier)],
            cancellationToken);
        return response.IsSuccessStatusCode
            ? (await response.Content.ReadFromJsonAsync<TokenResponse>(cancellationToken))!
            : throw new NativeException("The code was not accepted: " + await response.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>Ends what the token stands for: RFC 7009 §2.1.</summary>
    public async Task RevokeAsync(string token, CancellationToken cancellationToken)
    {
        var metadata = await FindAsync(cancellationToken);
        using var response = await PostAsync(metadata.RevocationEndpoint, [("token", token)], cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>What an API answers to a GET with the access token.</summary>
    /// <exception cref="NativeException">It does not answer, or not with success.</exception>
    public async Task<JsonElement> GetAsync(Uri address, string accessToken, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode
                ? await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)
                : throw new NativeException($"{address} answered {(int)response.StatusCode}.");
        }
        catch (HttpRequestException)
        {
            throw new NativeException($"{address} does not answer. Start it: dotnet run --project src/samples/ResourceApi");
        }
    }

    private async Task<HttpResponseMessage> PostAsync(
        Uri endpoint, IEnumerable<(string Name, string Value)> form, CancellationToken cancellationToken)
    {
        using var content = new FormUrlEncodedContent(
            form.Append(("client_id", settings.ClientId)).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        return await http.PostAsync(endpoint, content, cancellationToken);
    }

    private NativeException NotThere() => new(
        $"""
        Nothing at {settings.Issuer} answers as an identity provider. Start it:
            dotnet run --project src/IdentityProvider.Server
        If it runs at another address, set the environment variable Issuer.
        """);
}
