using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace DeviceCli;

/// <summary>The identity provider's endpoints, as a public client calls them: no secret, only its name.</summary>
internal sealed class Issuer(HttpClient http, CliSettings settings)
{
    private Metadata? _metadata;

    /// <exception cref="CliException">Nothing at the configured address describes itself as that issuer.</exception>
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

    /// <summary>Codes for the person and for this tool: RFC 8628 §3.1.</summary>
    public async Task<DeviceAuthorization> StartAsync(CancellationToken cancellationToken)
    {
        var metadata = await FindAsync(cancellationToken);
        using var response = await PostAsync(metadata.DeviceAuthorizationEndpoint, [("scope", CliSettings.Scope)], cancellationToken);
        return response.IsSuccessStatusCode
            ? (await response.Content.ReadFromJsonAsync<DeviceAuthorization>(cancellationToken))!
            : throw new CliException(
                $"The identity provider does not let '{settings.ClientId}' use the device flow: "
                + await response.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>The token endpoint's answer; an OAuth error is one, too.</summary>
    public async Task<TokenResponse> RequestTokensAsync(CancellationToken cancellationToken, params (string Name, string Value)[] form)
    {
        var metadata = await FindAsync(cancellationToken);
        using var response = await PostAsync(metadata.TokenEndpoint, form, cancellationToken);
        return (int)response.StatusCode < 500
            ? (await response.Content.ReadFromJsonAsync<TokenResponse>(cancellationToken))!
            : throw new HttpRequestException($"the token endpoint answered {(int)response.StatusCode}");
    }

    /// <summary>Ends what the refresh token stands for (RFC 7009 §2.1), the access tokens issued with it included.</summary>
    public async Task RevokeAsync(string token, CancellationToken cancellationToken)
    {
        var metadata = await FindAsync(cancellationToken);
        using var response = await PostAsync(metadata.RevocationEndpoint, [("token", token)], cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>An API's answer to a GET with the access token.</summary>
    public async Task<HttpResponseMessage> GetAsync(Uri address, string accessToken, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return await http.SendAsync(request, cancellationToken);
    }

    private async Task<HttpResponseMessage> PostAsync(
        Uri endpoint, IEnumerable<(string Name, string Value)> form, CancellationToken cancellationToken)
    {
        using var content = new FormUrlEncodedContent(
            form.Append(("client_id", settings.ClientId)).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        return await http.PostAsync(endpoint, content, cancellationToken);
    }

    private CliException NotThere() => new(
        $"""
        Nothing at {settings.Issuer} answers as an identity provider. Start it:
            dotnet run --project src/IdentityProvider.Server
        If it runs at another address, set the environment variable Issuer.
        """);
}
