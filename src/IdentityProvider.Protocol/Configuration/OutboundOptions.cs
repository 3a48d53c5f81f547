namespace IdentityProvider.Protocol.Configuration;

/// <summary>Requests that the server makes to addresses others named: section <c>IdentityProvider:Outbound</c>.</summary>
public sealed class OutboundOptions
{
    /// <summary>
    /// Whether plain http and loopback, private and link-local addresses may be asked. Default false: whoever names an address could otherwise
    /// make us reach into the network we stand in (RFC 9700 §4.11, OWASP SSRF). True is for development and closed networks.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Time for a whole exchange, connecting included. Default 5 seconds; from 1 to 30 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Every problem, one line each; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromSeconds(30))
        {
            yield return "Outbound:timeout must be from 1 to 30 seconds.";
        }
    }
}
