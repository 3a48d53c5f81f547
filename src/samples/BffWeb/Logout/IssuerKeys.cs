using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using BffWeb.SignIn;

namespace BffWeb.Logout;

/// <summary>The issuer's ES256 keys (RFC 7517), fetched again when a token names one that is not known, at most once a minute.</summary>
internal sealed class IssuerKeys(IHttpClientFactory clients, IssuerDiscovery discovery, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private (IReadOnlyList<Key> Keys, DateTimeOffset FetchedAt) _known = ([], DateTimeOffset.MinValue);

    /// <summary>Whether the issuer signed it (RFC 7515 §5.2); false for a key that is not the issuer's.</summary>
    /// <exception cref="IssuerUnavailableException">There is no issuer at the configured address.</exception>
    public async Task<bool> VerifyAsync(string keyId, byte[] input, byte[] signature, CancellationToken cancellationToken)
    {
        if (Find(keyId) is null && time.GetUtcNow() > _known.FetchedAt + Pause)
        {
            var metadata = await discovery.GetAsync(cancellationToken);
            using var http = clients.CreateClient(HttpClients.Issuer);
            var set = await http.GetFromJsonAsync<KeySet>(metadata.JwksUri, cancellationToken);
            _known = (set?.Keys ?? [], time.GetUtcNow());
        }

        if (Find(keyId) is not { X: { } x, Y: { } y })
        {
            return false;
        }

        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(x), Y = Base64Url.DecodeFromChars(y) },
        });
        return key.VerifyData(input, signature, HashAlgorithmName.SHA256);
    }

    private Key? Find(string keyId) => _known.Keys.FirstOrDefault(key =>
        key.KeyType is "EC" && key.Curve is "P-256" && string.Equals(key.Id, keyId, StringComparison.Ordinal));

    private sealed record KeySet([property: JsonPropertyName("keys")] IReadOnlyList<Key>? Keys);

    private sealed record Key(
        [property: JsonPropertyName("kid")] string? Id,
        [property: JsonPropertyName("kty")] string? KeyType,
        [property: JsonPropertyName("crv")] string? Curve,
        [property: JsonPropertyName("x")] string? X,
        [property: JsonPropertyName("y")] string? Y);
}
