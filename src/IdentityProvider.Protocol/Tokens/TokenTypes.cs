namespace IdentityProvider.Protocol.Tokens;

/// <summary>Values of <c>typ</c> in the headers of what we sign: they keep one kind of token from passing for another (RFC 8725 §3.11).</summary>
public static class TokenTypes
{
    /// <summary>RFC 9068 §2.1.</summary>
    public const string AccessToken = "at+jwt";

    /// <summary>OIDC Core §2 leaves it open; RFC 7519 §5.1.</summary>
    public const string IdToken = "JWT";

    /// <summary>Back-Channel Logout §2.4.</summary>
    public const string LogoutToken = "logout+jwt";

    /// <summary>draft-ietf-oauth-status-list §5.1.</summary>
    public const string StatusList = "statuslist+jwt";
}
