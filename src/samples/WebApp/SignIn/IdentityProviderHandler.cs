using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace WebApp.SignIn;

/// <summary>
/// The framework's OAuth handler (state, PKCE, code exchange) with two things it lacks: endpoints from discovery, and
/// the check of <c>iss</c> before the code is used (RFC 9207 §2.4).
/// </summary>
internal sealed class IdentityProviderHandler(
    IOptionsMonitor<OAuthOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IssuerDiscovery discovery)
    : OAuthHandler<OAuthOptions>(options, loggers, encoder)
{
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await UseDiscoveredEndpointsAsync();
        await base.HandleChallengeAsync(properties);
    }

    protected override string BuildChallengeUrl(AuthenticationProperties properties, string redirectUri) =>
        QueryHelpers.AddQueryString(base.BuildChallengeUrl(properties, redirectUri), StepUp.ParametersOf(properties));

    protected override async Task<HandleRequestResult> HandleRemoteAuthenticateAsync()
    {
        var metadata = await UseDiscoveredEndpointsAsync();

        // Another server's answer must not be sent to this one's token endpoint (mix-up). Ours says iss in every answer,
        // so one without it is not ours either.
        return string.Equals(Request.Query["iss"], metadata.Issuer, StringComparison.Ordinal)
            ? await base.HandleRemoteAuthenticateAsync()
            : HandleRequestResult.Fail("The authorization response comes from another issuer.");
    }

    private async Task<IssuerMetadata> UseDiscoveredEndpointsAsync()
    {
        var metadata = await discovery.GetAsync(Context.RequestAborted);

        // The options are shared, and every request writes the same values.
        Options.AuthorizationEndpoint = metadata.AuthorizationEndpoint;
        Options.TokenEndpoint = metadata.TokenEndpoint;
        Options.UserInformationEndpoint = metadata.UserInfoEndpoint;
        return metadata;
    }
}
