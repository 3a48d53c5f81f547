using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.Extensions.Options;

namespace BffWeb.SignIn;

/// <summary>Makes the site's user of what the token endpoint and the userinfo endpoint say.</summary>
internal sealed class UserTicket(IOptions<SiteOptions> site, TimeProvider time)
{
    private static readonly string[] ShownClaims = ["name", "email"];

    /// <exception cref="AuthenticationFailureException">The ID token is not for this site, or userinfo is of someone else.</exception>
    public async Task FillAsync(OAuthCreatingTicketContext context)
    {
        var idToken = context.TokenResponse.Response!.RootElement.GetProperty("id_token").GetString()!;
        var (subject, sessionId) = Read(idToken);
        var user = await FetchUserInfoAsync(context);

        // OIDC Core §5.3.2: userinfo counts only if it is of the same user.
        if (!string.Equals(user.GetProperty("sub").GetString(), subject, StringComparison.Ordinal))
        {
            throw new AuthenticationFailureException("Userinfo is of another user than the ID token.");
        }

        context.Identity!.AddClaim(new Claim("sub", subject));

        // Back-channel logout names the session by it.
        context.Identity.AddClaim(new Claim("sid", sessionId));
        foreach (var name in ShownClaims)
        {
            if (user.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
            {
                context.Identity.AddClaim(new Claim(name, value.GetString()!));
            }
        }

        // Signing out sends it back as id_token_hint.
        context.Properties.StoreTokens(
            [.. context.Properties.GetTokens(), new AuthenticationToken { Name = "id_token", Value = idToken }]);
    }

    /// <summary>
    /// OIDC Core §3.1.3.7: issuer, audience and lifetime. The token came straight from the token endpoint, so its
    /// signature need not be checked (step 6).
    /// </summary>
    private (string Subject, string SessionId) Read(string idToken)
    {
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(idToken.Split('.')[1]));
        var claims = document.RootElement;
        var isForUs = claims.GetProperty("aud") is var audience && audience.ValueKind == JsonValueKind.Array
            ? audience.EnumerateArray().Any(one => one.ValueEquals(site.Value.ClientId))
            : audience.ValueEquals(site.Value.ClientId);
        if (!claims.GetProperty("iss").ValueEquals(site.Value.Issuer)
            || !isForUs
            || DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("exp").GetInt64()) < time.GetUtcNow())
        {
            throw new AuthenticationFailureException("The ID token is not for this site.");
        }

        return (claims.GetProperty("sub").GetString()!, claims.GetProperty("sid").GetString()!);
    }

    private static async Task<JsonElement> FetchUserInfoAsync(OAuthCreatingTicketContext context)
    {
        var cancellationToken = context.HttpContext.RequestAborted;
        using var request = new HttpRequestMessage(HttpMethod.Get, context.Options.UserInformationEndpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", context.AccessToken);
        using var response = await context.Backchannel.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }
}
