using System.Net;
using System.Net.Sockets;

namespace IdentityProvider.Protocol.Attempts;

/// <summary>Whose address it is, as far as counting goes.</summary>
public static class ClientAddress
{
    /// <summary>
    /// The address for IPv4, the /64 for IPv6 (one subscriber has at least that: RFC 6177 §2), and one word for all that is unknown.
    /// </summary>
    public static string CountedAs(string? address)
    {
        if (!IPAddress.TryParse(address, out var parsed))
        {
            return "unknown";
        }

        if (parsed.IsIPv4MappedToIPv6)
        {
            return parsed.MapToIPv4().ToString();
        }

        return parsed.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(parsed.GetAddressBytes().AsSpan(0, 8))
            : parsed.ToString();
    }
}
