using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider.Protocol.Sessions;

/// <summary>
/// <c>session_state</c> of authorization responses: Session Management §2 and §3.2. Our script <c>check-session.js</c> computes the same from
/// what it is told and the browser state it reads.
/// </summary>
public static class CheckSession
{
    /// <summary>
    /// <c>BASE64URL(SHA-256(client_id " " origin " " browser state " " salt)) "." salt</c> with a fresh salt, so that two clients, or two
    /// responses, have nothing in common that could be compared.
    /// </summary>
    public static string NewSessionState(string clientId, string origin, string browserState)
    {
        var salt = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{clientId} {origin} {browserState} {salt}"));
        return $"{Base64Url.EncodeToString(hash)}.{salt}";
    }

    /// <summary>The origin (RFC 6454 §4) of a redirect URI as a browser would write it; null for schemes that have none.</summary>
    public static string? OriginOf(string redirectUri)
    {
        ArgumentNullException.ThrowIfNull(redirectUri);
        var uri = new Uri(redirectUri, UriKind.Absolute);
        return uri.Scheme is "https" or "http" ? uri.GetLeftPart(UriPartial.Authority) : null;
    }
}
