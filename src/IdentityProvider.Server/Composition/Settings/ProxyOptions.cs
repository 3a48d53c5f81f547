using System.Net;

namespace IdentityProvider.Server.Composition.Settings;

/// <summary>Reverse proxies in front of the server. Without any, <c>X-Forwarded-*</c> headers are ignored, whoever sends them.</summary>
internal sealed class ProxyOptions
{
    /// <summary>
    /// Addresses (<c>10.0.0.5</c>) or networks (<c>10.0.0.0/24</c>) whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed.
    /// Default none.
    /// </summary>
    public IReadOnlyList<string> TrustedProxies { get; set; } = [];

    /// <summary>How many proxies stand in a row. Default 1; from 1 to 10.</summary>
    public int ForwardLimit { get; set; } = 1;

    public IEnumerable<string> Validate()
    {
        foreach (var proxy in TrustedProxies)
        {
            if (!IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _))
            {
                yield return $"Proxies:trusted_proxies must hold IP addresses and networks, and {proxy} is neither.";
            }
        }

        if (ForwardLimit is < 1 or > 10)
        {
            yield return "Proxies:forward_limit must be from 1 to 10.";
        }
    }
}
