namespace IdentityProvider.Protocol.Tokens;

/// <summary>Values of <c>typ</c> in the headers of what we sign or read: they keep one kind of token from passing for another (RFC 8725 §3.11).</summary>
public static class TokenTypes
{
    /// <summary>RFC 9068 §2.1.</summary>
    public const string AccessToken = "at+jwt";

    /// <summary>OIDC Core §2 leaves it open; RFC 7519 §5.1.</summary>
    public const string IdToken = "JWT";

    /// <summary>No type is registered for it: OIDC Core §5.3.2. Told from an ID token by having no <c>exp</c>.</summary>
    public const string UserInfo = "JWT";

    /// <summary>Back-Channel Logout §2.4.</summary>
    public const string LogoutToken = "logout+jwt";

    /// <summary>Made by clients: RFC 9101 §10.8.</summary>
    public const string RequestObject = "oauth-authz-req+jwt";

    /// <summary>draft-ietf-oauth-status-list §5.1.</summary>
    public const string StatusList = "statuslist+jwt";
}
