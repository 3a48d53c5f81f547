using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Clients;

/// <summary><c>client_secret_basic</c> and <c>client_secret_post</c>: RFC 6749 §2.3.1. Compared as SHA-256, in constant time.</summary>
public sealed class SecretAuthentication(TimeProvider clock)
{
    /// <summary>Compared with when there is no such client, so that its absence takes as long as a wrong secret.</summary>
    private static readonly ClientSecret NoSecret = new(new byte[SHA256.HashSizeInBytes], ExpiresAt: null);

    /// <param name="client">The client found, or null; a missing client costs the same and gives the same error.</param>
    /// <param name="clientId">As presented, for the log.</param>
    /// <param name="secret">As presented.</param>
    /// <param name="method">The method used; it must be the registered one.</param>
    internal Result<Client> Authenticate(Client? client, string clientId, string secret, string method)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(secret), hash);
        var now = clock.GetUtcNow();
        var matches = false;
        foreach (var candidate in client?.Secrets ?? [NoSecret])
        {
            var equal = CryptographicOperations.FixedTimeEquals(hash, candidate.Hash.Span);
            matches |= equal && (candidate.ExpiresAt is null || now < candidate.ExpiresAt);
        }

        if (client is null)
        {
            return OAuthError.InvalidClient("unknown or disabled client " + clientId);
        }

        if (!string.Equals(client.TokenEndpointAuthMethod, method, StringComparison.Ordinal))
        {
            return OAuthError.InvalidClient($"client {clientId} used {method}; it is registered for {client.TokenEndpointAuthMethod}");
        }

        return matches ? client : OAuthError.InvalidClient($"client {clientId} presented a wrong or expired secret");
    }
}
