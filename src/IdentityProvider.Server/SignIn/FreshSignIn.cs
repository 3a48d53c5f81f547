using System.Globalization;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Pages;

namespace IdentityProvider.Server.SignIn;

/// <summary>
/// What changes the security of an account asks for a proof of the last five minutes, and for both factors where the account has two: a session
/// that somebody else took over is not enough.
/// </summary>
internal sealed class FreshSignIn(TimeProvider clock)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    /// <param name="session">The browser's session.</param>
    /// <param name="level">The least level that will do.</param>
    public bool IsFresh(Session session, int level = 1) =>
        clock.GetUtcNow() - session.AuthTime <= MaxAge && AcrValues.LevelOf(session.Acr) >= level;

    /// <summary>The sign-in page that leads back, as a path under the application's root.</summary>
    /// <param name="path">Where to go on to: a path of ours.</param>
    /// <param name="level">The least level that will do.</param>
    public static string AddressFor(string path, int level = 1) => string.Create(
        CultureInfo.InvariantCulture,
        $"~{EndpointPaths.SignIn}?{PageParameters.ReturnUrl}={Uri.EscapeDataString(path)}&{PageParameters.Fresh}=true&{PageParameters.Level}={level}");
}
