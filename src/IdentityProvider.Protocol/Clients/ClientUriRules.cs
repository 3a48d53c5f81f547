using System.Buffers;
using System.Globalization;

namespace IdentityProvider.Protocol.Clients;

/// <summary>Which URIs a client may register: RFC 8252 §7, RFC 9700 §2.1 and §4.1, OIDC Registration §2.</summary>
public static class ClientUriRules
{
    /// <summary>Longest URI, in characters.</summary>
    public const int MaxLength = 2000;

    /// <summary>Schemes that run, show or read something in the browser instead of going somewhere.</summary>
    private static readonly string[] DangerousSchemes =
        ["javascript", "data", "vbscript", "file", "blob", "about", "view-source", "filesystem", "jar", "ws", "wss", "ftp", "mailto", "tel"];

    private static readonly SearchValues<char> Foreign = SearchValues.Create("\\\"<>^`{|}");

    /// <summary>Why <paramref name="uri"/> cannot be a redirect URI; null when it can.</summary>
    /// <param name="uri">As it would be registered; later it is compared as text.</param>
    /// <param name="isNative">Whether <c>application_type</c> is <c>native</c>.</param>
    public static string? FindRedirectProblem(string uri, bool isNative)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (FindFormProblem(uri) is { } problem)
        {
            return problem;
        }

        var parsed = new Uri(uri, UriKind.Absolute);
        var scheme = uri[..uri.IndexOf(':', StringComparison.Ordinal)];
        return scheme switch
        {
            "https" => FindHostProblem(uri, parsed),
            "http" => FindHostProblem(uri, parsed) ?? (IsLoopback(parsed) ? null : "must be https; http is for loopback addresses only."),
            _ when !isNative => "must be https (or http on loopback); other schemes are for application_type native.",
            _ => FindPrivateUseProblem(scheme),
        };
    }

    /// <summary>Why a response to <paramref name="uri"/> would have a parameter twice (RFC 6749 §3.1); null when it would not.</summary>
    /// <param name="uri">As it would be registered.</param>
    /// <param name="added">Names of what we add to its query.</param>
    public static string? FindQueryProblem(string uri, IReadOnlyCollection<string> added)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var start = uri.IndexOf('?', StringComparison.Ordinal);
        var names = start < 0 ? [] : uri[(start + 1)..].Split('&').Select(pair => Uri.UnescapeDataString(pair.Split('=')[0]));
        var doubled = names.FirstOrDefault(name => added.Contains(name, StringComparer.Ordinal));
        return doubled is null ? null : $"has {doubled} in its query, which we add ourselves (RFC 6749 §3.1).";
    }

    /// <summary>Why <paramref name="uri"/> cannot be the address of a page, a picture or a key set; null when it can.</summary>
    public static string? FindAddressProblem(string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (FindFormProblem(uri) is { } problem)
        {
            return problem;
        }

        var parsed = new Uri(uri, UriKind.Absolute);
        if (uri.StartsWith("https:", StringComparison.Ordinal) || (uri.StartsWith("http:", StringComparison.Ordinal) && IsLoopback(parsed)))
        {
            return FindHostProblem(uri, parsed);
        }

        return "must be https (or http on loopback).";
    }

    /// <summary>A value for a message: what is not printable ASCII is escaped, and it is cut.</summary>
    public static string Printable(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var cut = value.Length <= 120 ? value : value[..120] + "...";
        return string.Concat(cut.Select(c => c is >= ' ' and <= '~' ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}")));
    }

    private static string? FindFormProblem(string uri)
    {
        if (uri.Length is 0 or > MaxLength)
        {
            return $"must have 1 to {MaxLength} characters.";
        }

        // Only ASCII: no homographs, no soft hyphens, no full-width dots. An international host is written in its xn-- form.
        if (uri.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return "must be printable ASCII without spaces; write an international host name as xn--.";
        }

        if (uri.AsSpan().ContainsAny(Foreign))
        {
            return "has a character that does not belong in a URI (RFC 3986 §2).";
        }

        if (uri.Contains('*', StringComparison.Ordinal))
        {
            return "has a wildcard; addresses are compared as text (RFC 9700 §4.1).";
        }

        if (uri.Contains('#', StringComparison.Ordinal))
        {
            return "has a fragment (RFC 6749 §3.1.2).";
        }

        return Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && !uri.StartsWith('/') && parsed.UserInfo.Length == 0
            ? null
            : "must be an absolute URI without a user.";
    }

    private static string? FindHostProblem(string uri, Uri parsed)
    {
        if (parsed.Host.Length == 0)
        {
            return "has no host.";
        }

        // A browser sends what it normalised: an address it would rewrite could never match as text, or would match another one's.
        var authority = parsed.IsDefaultPort ? parsed.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) : parsed.GetLeftPart(UriPartial.Authority);
        if (!uri.StartsWith(authority, StringComparison.Ordinal) || uri.AsSpan(authority.Length) is [not ('/' or '?'), ..])
        {
            return "must write scheme and host in lower case and leave out the default port.";
        }

        return HasDotSegment(uri.AsSpan(authority.Length)) ? "has a dot segment or an encoded one." : null;
    }

    private static bool HasDotSegment(ReadOnlySpan<char> pathAndQuery)
    {
        var end = pathAndQuery.IndexOf('?');
        var path = end < 0 ? pathAndQuery : pathAndQuery[..end];
        foreach (var range in path.Split('/'))
        {
            var segment = Uri.UnescapeDataString(path[range]);
            var name = segment.Split(';')[0];
            if (name is "." or ".." || segment.Contains('%', StringComparison.Ordinal) || segment.AsSpan().ContainsAny("/\\"))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsLoopback(Uri uri) => uri.Host is "localhost" or "127.0.0.1" or "[::1]";

    /// <summary>RFC 8252 §7.1: the scheme is a domain name of the app's maker, reversed, so it has a dot.</summary>
    private static string? FindPrivateUseProblem(string scheme)
    {
        if (DangerousSchemes.Contains(scheme, StringComparer.OrdinalIgnoreCase))
        {
            return "has a scheme that goes nowhere.";
        }

        return scheme.Contains('.', StringComparison.Ordinal) && !scheme.AsSpan().ContainsAnyInRange('A', 'Z')
            ? null
            : "has a private-use scheme without a dot or with capitals; use a reversed domain name such as com.example.app (RFC 8252 §7.1).";
    }
}
