using System.Globalization;
using System.Net;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace BffWeb.SignIn;

/// <summary>
/// Renews the access token (RFC 6749 §6) while the site's cookie is read, shortly before the token expires, so that no page
/// has to think of it. A refused refresh token means that the sign-in has ended at the identity provider: it ends here too.
/// An identity provider that does not answer is no reason to sign anyone out; the API decides about the old token.
/// </summary>
internal sealed class TokenRefresh(
    IHttpClientFactory clients,
    IssuerDiscovery discovery,
    IOptions<SiteOptions> site,
    TimeProvider time,
    ILogger<TokenRefresh> logger)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    public async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var refreshToken = context.Properties.GetTokenValue("refresh_token");
        if (refreshToken is null || ExpiresAt(context.Properties) > time.GetUtcNow() + Margin)
        {
            return;
        }

        using var response = await SendAsync(refreshToken, context.HttpContext.RequestAborted);
        if (response is null || !response.IsSuccessStatusCode)
        {
            Log.RefreshFailed(logger, (int?)response?.StatusCode);
            if (response?.StatusCode == HttpStatusCode.BadRequest)
            {
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync();
            }

            return;
        }

        var tokens = await response.Content.ReadFromJsonAsync<TokenResponse>(context.HttpContext.RequestAborted);
        context.Properties.UpdateTokenValue("access_token", tokens!.AccessToken);
        context.Properties.UpdateTokenValue("refresh_token", tokens.RefreshToken ?? refreshToken);
        context.Properties.UpdateTokenValue(
            "expires_at",
            (time.GetUtcNow() + TimeSpan.FromSeconds(tokens.ExpiresIn)).ToString("o", CultureInfo.InvariantCulture));
        if (tokens.IdToken is not null)
        {
            context.Properties.UpdateTokenValue("id_token", tokens.IdToken);
        }

        context.ShouldRenew = true;
    }

    private static DateTimeOffset ExpiresAt(AuthenticationProperties properties) => DateTimeOffset.TryParse(
        properties.GetTokenValue("expires_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
        ? at
        : DateTimeOffset.MinValue;

    private async Task<HttpResponseMessage?> SendAsync(string refreshToken, CancellationToken cancellationToken)
    {
        using var http = clients.CreateClient(HttpClients.Issuer);
        using var form = new FormUrlEncodedContent(
        [
            KeyValuePair.Create("grant_type", "refresh_token"),
            KeyValuePair.Create("refresh_token", refreshToken),
            KeyValuePair.Create("client_id", site.Value.ClientId),
            KeyValuePair.Create("client_secret", site.Value.ClientSecret),
        ]);
        try
        {
            var metadata = await discovery.GetAsync(cancellationToken);
            return await http.PostAsync(metadata.TokenEndpoint, form, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IssuerUnavailableException)
        {
            return null;
        }
    }

    private sealed record TokenResponse(
        [property: JsonPropertyName("access_token"), JsonRequired] string AccessToken,
        [property: JsonPropertyName("refresh_token")] string? RefreshToken,
        [property: JsonPropertyName("id_token")] string? IdToken,
        [property: JsonPropertyName("expires_in")] int ExpiresIn);
}
