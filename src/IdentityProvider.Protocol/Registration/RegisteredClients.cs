using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Registration;

/// <summary>What follows every change of a self-registered client, and how one is told to its maker.</summary>
public sealed class RegisteredClients(ICatalogStore catalog, IAuditTrail audit, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    /// <summary>The secret as it is kept. Its 256 random bits need no slow hash.</summary>
    internal static ClientSecret Keep(string secret) => new(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), ExpiresAt: null);

    internal ClientInformationResponse Describe(RegisteredClient client, string token, string? secret) => new(
        client.Client,
        client.IssuedAt,
        options.Value.AddressOf($"{EndpointPaths.ClientRegistration}/{client.Client.ClientId}"),
        token,
        secret);

    /// <summary>Takes the change over on this node, so that the client can go on at once, and writes the audit trail.</summary>
    internal async Task TellAsync(string eventType, Client client, string? remoteAddress, CancellationToken cancellationToken)
    {
        await catalog.RefreshAsync(cancellationToken);
        var entry = new AuditEvent
        {
            Type = eventType,
            At = clock.GetUtcNow(),
            ClientId = client.ClientId,
            RemoteAddress = remoteAddress,
            Detail = client.RedirectUris is [{ } first, ..] ? ClientUriRules.Printable(first) : null,
        };
        await audit.AppendAsync(entry, cancellationToken);
    }
}
