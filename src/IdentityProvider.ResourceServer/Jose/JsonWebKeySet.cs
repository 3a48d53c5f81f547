using System.Collections.Frozen;
using System.Text.Json;

namespace IdentityProvider.ResourceServer.Jose;

/// <summary>The issuer's public keys by <c>kid</c> (RFC 7517 §5).</summary>
internal sealed class JsonWebKeySet
{
    // Far above what a rotation needs at one time; a set with more is a mistake or an attack.
    private const int MaximumKeys = 64;

    private readonly FrozenDictionary<string, VerificationKey> _keys;

    private JsonWebKeySet(FrozenDictionary<string, VerificationKey> keys) => _keys = keys;

    public int Count => _keys.Count;

    public VerificationKey? Find(string keyId) => _keys.GetValueOrDefault(keyId);

    /// <exception cref="InvalidDataException">Not a key set, or one without a single usable key.</exception>
    public static JsonWebKeySet Parse(ReadOnlySpan<byte> json)
    {
        if (!StrictJson.TryParseObject(json, out var document)
            || !document.TryGetProperty("keys", out var members)
            || members.ValueKind != JsonValueKind.Array
            || members.GetArrayLength() > MaximumKeys)
        {
            throw new InvalidDataException("The issuer's JWKS is not a key set of reasonable size.");
        }

        // Two keys of one kid: nobody can say which is meant, so neither is used.
        var keys = members.EnumerateArray()
            .Select(JsonWebKey.TryRead)
            .OfType<VerificationKey>()
            .GroupBy(key => key.Id, StringComparer.Ordinal)
            .Where(sameId => sameId.Count() == 1)
            .ToFrozenDictionary(sameId => sameId.Key, sameId => sameId.Single(), StringComparer.Ordinal);

        return keys.Count > 0
            ? new JsonWebKeySet(keys)
            : throw new InvalidDataException("The issuer's JWKS has no key for verifying signatures.");
    }
}
