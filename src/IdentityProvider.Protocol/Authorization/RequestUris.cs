using System.Security.Cryptography;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Authorization;

/// <summary>Which <c>request_uri</c> a client may send: OIDC Core §6.2, RFC 9101 §5.2 and §10.4.</summary>
internal static class RequestUris
{
    /// <summary>Whether the client registered the address, the address without the hash in its fragment, or where it begins.</summary>
    public static bool Allows(Client client, string sent)
    {
        if (client.RequestUris.Contains(sent, StringComparer.Ordinal))
        {
            return true;
        }

        var address = WithoutFragment(sent);
        if (address.Length != sent.Length && FindHash(sent) is null)
        {
            return false;
        }

        return client.RequestUris.Contains(address, StringComparer.Ordinal)
            || (client.RequestUriPrefixes.Any(prefix => address.StartsWith(prefix, StringComparison.Ordinal))
                && ClientRequestObjectRules.FindRequestUriProblem(sent) is null);
    }

    /// <summary>
    /// OIDC Core §6.2: a fragment that the client adds to an address is the SHA-256 of what stands there, in base64url. One that was
    /// registered with the address is older than the objects, and only tells caches apart (OIDC Registration §2).
    /// </summary>
    public static bool HashFits(Client client, string sent, ReadOnlySpan<byte> document) =>
        client.RequestUris.Contains(sent, StringComparer.Ordinal)
        || FindHash(sent) is not { } hash
        || hash.AsSpan().SequenceEqual(SHA256.HashData(document));

    private static string WithoutFragment(string uri) =>
        uri.IndexOf('#', StringComparison.Ordinal) is var fragment and >= 0 ? uri[..fragment] : uri;

    private static byte[]? FindHash(string uri) =>
        uri.IndexOf('#', StringComparison.Ordinal) is var fragment and >= 0
            && StrictBase64Url.TryDecode(uri[(fragment + 1)..], out var hash)
            && hash.Length == SHA256.HashSizeInBytes
            ? hash
            : null;
}
