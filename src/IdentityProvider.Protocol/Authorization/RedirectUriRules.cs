namespace IdentityProvider.Protocol.Authorization;

/// <summary>
/// Redirect URIs are compared as text (RFC 9700 §2.1); only the port of a loopback IP literal may differ (RFC 8252 §7.3).
/// </summary>
public static class RedirectUriRules
{
    private static readonly string[] LoopbackOrigins = ["http://127.0.0.1", "http://[::1]"];

    public static bool IsRegistered(IReadOnlyList<string> registered, string redirectUri)
    {
        ArgumentNullException.ThrowIfNull(registered);
        ArgumentNullException.ThrowIfNull(redirectUri);
        foreach (var candidate in registered)
        {
            if (string.Equals(candidate, redirectUri, StringComparison.Ordinal) || DiffersInLoopbackPortOnly(candidate, redirectUri))
            {
                return true;
            }
        }

        return false;
    }

    private static bool DiffersInLoopbackPortOnly(string registered, string redirectUri)
    {
        foreach (var origin in LoopbackOrigins)
        {
            if (TryAfterPort(registered, origin, out var expected)
                && TryAfterPort(redirectUri, origin, out var actual)
                && expected.SequenceEqual(actual))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What follows the port, beginning with a slash, a question mark, or nothing.</summary>
    private static bool TryAfterPort(string uri, string origin, out ReadOnlySpan<char> rest)
    {
        rest = default;
        if (!uri.StartsWith(origin, StringComparison.Ordinal))
        {
            return false;
        }

        rest = uri.AsSpan(origin.Length);
        if (rest is [':', ..])
        {
            var end = rest[1..].IndexOfAnyExceptInRange('0', '9');
            var digits = end < 0 ? rest[1..] : rest.Slice(1, end);
            if (digits.Length is 0 or > 5 || !ushort.TryParse(digits, System.Globalization.NumberStyles.None, null, out _))
            {
                return false;
            }

            rest = rest[(digits.Length + 1)..];
        }

        return rest.IsEmpty || rest[0] is '/' or '?';
    }
}
