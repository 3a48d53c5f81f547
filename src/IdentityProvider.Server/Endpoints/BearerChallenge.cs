using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Server.Endpoints;

/// <summary><c>WWW-Authenticate: Bearer</c> of our own protected resource: RFC 6750 §3.</summary>
internal static class BearerChallenge
{
    public const string Plain = "Bearer realm=\"userinfo\"";

    public static string Of(OAuthError error)
    {
        // Code and description are constants of ours within the character set of §3, so nothing is to be escaped.
        var challenge = $"{Plain}, error=\"{error.Code}\", error_description=\"{error.Description}\"";
        return error.Code is ErrorCodes.InsufficientScope ? $"{challenge}, scope=\"{ScopeNames.OpenId}\"" : challenge;
    }

    /// <summary>§3.1.</summary>
    public static int StatusOf(OAuthError error) => error.Code switch
    {
        ErrorCodes.InvalidToken => StatusCodes.Status401Unauthorized,
        ErrorCodes.InsufficientScope => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status400BadRequest,
    };
}
