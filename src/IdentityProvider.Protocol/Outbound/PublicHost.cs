using System.Net;

namespace IdentityProvider.Protocol.Outbound;

/// <summary>
/// Which addresses a stranger may name for us to ask. Looks at the text only, so that nobody learns from the answer which names our network
/// knows; names that lead inside after all are refused when the connection is made.
/// </summary>
public static class PublicHost
{
    /// <summary>Names of machines and networks nearby: RFC 6761, RFC 6762, RFC 8375, and those that clouds use for their own.</summary>
    private static readonly string[] Inside = ["localhost", "local", "internal", "intranet", "private", "lan", "home", "corp", "home.arpa", "localdomain"];

    /// <summary>Whether the address is https, without a user, and its host is on the public internet as far as can be told from its name.</summary>
    public static bool IsAt(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)
            || !string.Equals(uri.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal)
            || uri.UserInfo.Length > 0)
        {
            return false;
        }

        var host = uri.IdnHost.Trim('[', ']').TrimEnd('.');
        return IPAddress.TryParse(host, out var literal)
            ? PublicAddress.Is(literal)
            : host.Contains('.', StringComparison.Ordinal)
                && !Array.Exists(Inside, name => host.EndsWith("." + name, StringComparison.OrdinalIgnoreCase)
                    || string.Equals(host, name, StringComparison.OrdinalIgnoreCase));
    }
}
