using System.Globalization;

namespace IdentityProvider.Interop.Tests.Running;

/// <summary>The loopback ports of one run. All but the server's own and the receiver's are Apache's and speak https.</summary>
internal sealed class Places
{
    private readonly int[] _ports = [FreePorts.Take(), FreePorts.Take(), FreePorts.Take(), FreePorts.Take(), FreePorts.Take()];

    /// <summary>Apache in front of the server.</summary>
    public string Issuer => $"https://localhost:{_ports[0]}";

    /// <summary>Where the server listens behind Apache.</summary>
    public string Server => $"http://127.0.0.1:{_ports[1]}";

    /// <summary>Static pages of another origin: redirect URIs, a single-page app, and <c>/backchannel</c>, which leads to the receiver.</summary>
    public string Site => $"https://localhost:{_ports[2]}";

    /// <summary>A site that mod_auth_openidc protects.</summary>
    public string Portal => $"https://localhost:{_ports[3]}";

    /// <summary>A port for whoever wants to receive what is posted to the site's <c>/backchannel</c>.</summary>
    public int Receiver => _ports[4];

    /// <summary>Variables of Apache's configuration.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToVariables() =>
        new[] { "ISSUER", "SERVER", "SITE", "PORTAL", "RECEIVER" }.Select(
            (name, index) => KeyValuePair.Create($"INTEROP_{name}_PORT", _ports[index].ToString(CultureInfo.InvariantCulture)));
}
