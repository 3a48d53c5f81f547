using System.Globalization;
using System.Text;
using IdentityProvider.ResourceServer.Authorization;

namespace IdentityProvider.ResourceServer.Bearer;

/// <summary>The value of <c>WWW-Authenticate</c> (RFC 6750 §3). Every part is fixed text or checked configuration.</summary>
internal static class BearerChallenge
{
    /// <summary>No token was sent: no error code (RFC 6750 §3.1, last paragraph).</summary>
    public static string Plain(string realm) => $"Bearer realm=\"{realm}\"";

    public static string Error(string realm, string error, string description) =>
        $"{Plain(realm)}, error=\"{error}\", error_description=\"{description}\"";

    public static string InsufficientScope(string realm, ScopeRequirement requirement) =>
        Error(realm, "insufficient_scope", "The access token lacks a scope.")
        + $", scope=\"{string.Join(' ', requirement.Scopes)}\"";

    /// <summary>RFC 9470 §3.</summary>
    public static string InsufficientUserAuthentication(string realm, UserAuthenticationRequirement requirement)
    {
        var challenge = new StringBuilder(Error(
            realm, "insufficient_user_authentication", "A different or more recent sign-in is required."));
        if (requirement.AcrValues.Count > 0)
        {
            challenge.Append(CultureInfo.InvariantCulture, $", acr_values=\"{string.Join(' ', requirement.AcrValues)}\"");
        }

        if (requirement.MaximumAge is { } age)
        {
            challenge.Append(CultureInfo.InvariantCulture, $", max_age=\"{(long)age.TotalSeconds}\"");
        }

        return challenge.ToString();
    }
}
