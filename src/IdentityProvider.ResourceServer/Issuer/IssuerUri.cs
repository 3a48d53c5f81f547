namespace IdentityProvider.ResourceServer.Issuer;

/// <summary>Which addresses this package speaks to: https, or http on a loopback host.</summary>
internal static class IssuerUri
{
    /// <summary>OIDC Discovery §3: the issuer has no query and no fragment.</summary>
    public static bool IsAllowedIssuer(string issuer) =>
        TryParse(issuer, out var uri) && uri.Query.Length == 0 && !issuer.Contains('#', StringComparison.Ordinal);

    public static bool TryParse(string? text, out Uri uri)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var parsed)
            && parsed.UserInfo.Length == 0
            && (IsHttps(parsed) || (IsHttp(parsed) && parsed.IsLoopback)))
        {
            uri = parsed;
            return true;
        }

        uri = null!;
        return false;
    }

    /// <summary>OIDC Discovery §4: a terminating slash of the issuer is removed before the path is appended.</summary>
    public static Uri MetadataOf(string issuer) => new(issuer.TrimEnd('/') + "/.well-known/openid-configuration");

    /// <summary>Same scheme, host and port: a signed token cannot make this API speak to anyone else.</summary>
    public static bool IsSameOrigin(Uri left, Uri right) =>
        Uri.Compare(left, right, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static bool IsHttps(Uri uri) => string.Equals(uri.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal);

    private static bool IsHttp(Uri uri) => string.Equals(uri.Scheme, Uri.UriSchemeHttp, StringComparison.Ordinal);
}
