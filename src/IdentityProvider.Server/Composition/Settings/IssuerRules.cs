namespace IdentityProvider.Server.Composition.Settings;

/// <summary>What makes an issuer identifier: RFC 8414 §2, OIDC Discovery §3.</summary>
internal static class IssuerRules
{
    public static IEnumerable<string> Validate(string issuer, bool isDevelopment)
    {
        if (issuer.Length == 0)
        {
            yield return "is missing: the https address under which clients reach this server.";
            yield break;
        }

        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            yield return "must be an absolute https URI, such as https://id.example.com.";
            yield break;
        }

        var isLoopback = string.Equals(uri.Scheme, Uri.UriSchemeHttp, StringComparison.Ordinal) && uri.IsLoopback;
        if (!string.Equals(uri.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal) && !(isDevelopment && isLoopback))
        {
            yield return isDevelopment
                ? "must be https, or http on this machine (localhost, 127.0.0.1, [::1])."
                : "must be https (RFC 8414 §2); http is for Development, on this machine only.";
        }

        // Clients compare it as text, so there is one way to write it: as a URI prints it, and nothing behind the path.
        var canonical = uri.GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (uri.UserInfo.Length > 0)
        {
            yield return "must not name a user.";
        }
        else if (!string.Equals(issuer, canonical, StringComparison.Ordinal))
        {
            yield return $"must be written as {canonical}: lower case, no default port, no slash at the end, no query or fragment (RFC 8414 §2).";
        }
    }
}
