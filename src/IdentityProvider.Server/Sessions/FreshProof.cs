using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Pages;

namespace IdentityProvider.Server.Sessions;

/// <summary>
/// What touches the keys to an account asks for a proof of a few minutes ago (OWASP ASVS 5.0 §7.5.1): a browser left open is not enough.
/// </summary>
internal sealed class FreshProof(TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public bool IsGivenBy(Session session) => clock.GetUtcNow() - session.AuthTime < Longest;

    /// <summary>The sign-in page, which leads back, as a path under the application's root.</summary>
    /// <param name="path">Of ours, under the application's root.</param>
    public static string AddressBefore(string path) =>
        $"~{EndpointPaths.SignIn}?{PageParameters.ReturnUrl}={Uri.EscapeDataString(path)}&{PageParameters.Fresh}=true";
}
