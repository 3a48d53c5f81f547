using System.Globalization;
using System.Net;

namespace IdentityProvider.Redis;

/// <summary>Where a Redis server listens.</summary>
/// <param name="Host">Name or IP address, without brackets.</param>
/// <param name="Port">From 1 to 65535.</param>
internal sealed record RedisAddress(string Host, int Port)
{
    private const int DefaultPort = 6379;

    /// <summary>Whether it is this machine.</summary>
    public bool IsLoopback => IPAddress.TryParse(Host, out var address)
        ? IPAddress.IsLoopback(address)
        : string.Equals(Host, "localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary><c>host</c>, <c>host:port</c>, <c>192.0.2.1:port</c> or <c>[2001:db8::1]:port</c>; null when it is none of them.</summary>
    public static RedisAddress? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var (host, port) = colon < 0 || text.EndsWith(']') ? (text, null) : (text[..colon], text[(colon + 1)..]);
        var isBracketed = host.StartsWith('[') && host.EndsWith(']');
        host = isBracketed ? host[1..^1] : host;
        var kind = Uri.CheckHostName(host);
        if (kind == UriHostNameType.Unknown || isBracketed != (kind == UriHostNameType.IPv6))
        {
            return null;
        }

        if (port is null)
        {
            return new RedisAddress(host, DefaultPort);
        }

        return int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65535
            ? new RedisAddress(host, number)
            : null;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}
