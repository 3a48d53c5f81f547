using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace IdentityProvider.Protocol.Jose;

/// <summary>
/// Reads signed JWTs: RFC 7519 §7.2 with the advice of RFC 8725. Algorithms, types and keys come from the caller, never from the header.
/// Whatever is cheap to check is checked before the signature.
/// </summary>
public static class JwtReader
{
    private const int MaximumSignatureLength = RsaKeyRules.MaximumBits / 8;

    /// <summary>Reads a token signed by one of the keys.</summary>
    public static JwtReadResult Read(string token, JsonWebKeySet keys, JwtReadRules rules)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return Read(token, rules, keys);
    }

    /// <summary>
    /// Reads a proof that carries its own public key in the header parameter <c>jwk</c> and is verified with exactly that key: DPoP,
    /// RFC 9449 §4.2. It proves possession of the key and nothing else; the caller decides what <see cref="Jwt.Key"/> means.
    /// </summary>
    public static JwtReadResult ReadWithEmbeddedKey(string token, JwtReadRules rules) => Read(token, rules, keys: null);

    private static JwtReadResult Read(string token, JwtReadRules rules, JsonWebKeySet? keys)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(rules);
        if (token.Length > rules.MaximumLength)
        {
            return JwtReadResult.Refuse(JwtRefusal.Malformed, "token longer than allowed");
        }

        if (!Ascii.IsValid(token))
        {
            return JwtReadResult.Refuse(JwtRefusal.Malformed, "token is not ASCII");
        }

        var rented = ArrayPool<byte>.Shared.Rent(token.Length);
        try
        {
            var length = Encoding.ASCII.GetBytes(token, rented);
            return Read(rented.AsSpan(0, length), rules, keys);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(rented.AsSpan(0, token.Length));
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static JwtReadResult Read(ReadOnlySpan<byte> token, JwtReadRules rules, JsonWebKeySet? keys)
    {
        if (!CompactJws.TrySplit(token, out var jws))
        {
            return JwtReadResult.Refuse(JwtRefusal.Malformed, "not three parts of base64url");
        }

        if (!JoseHeader.TryParse(jws.Header, out var header, out var reason))
        {
            return JwtReadResult.Refuse(JwtRefusal.Malformed, reason);
        }

        if (SigningAlgorithm.Find(header.Algorithm) is not { } algorithm || !rules.Allows(algorithm))
        {
            return JwtReadResult.Refuse(JwtRefusal.NotAccepted, "alg is not accepted here");
        }

        if (!rules.AllowsType(header.Type))
        {
            return JwtReadResult.Refuse(JwtRefusal.NotAccepted, "typ is not accepted here");
        }

        if (FindCandidates(header, algorithm, keys, out reason) is not { } candidates)
        {
            return JwtReadResult.Refuse(JwtRefusal.Malformed, reason!);
        }

        if (candidates.Count == 0)
        {
            return JwtReadResult.Refuse(JwtRefusal.UnknownKey, "no key for that kid, or several keys and no kid");
        }

        if (!TryReadPayload(jws.Payload, out var payload, out reason))
        {
            return JwtReadResult.Refuse(JwtRefusal.Malformed, reason!);
        }

        return FindSigner(jws, algorithm, candidates) is { } key
            ? JwtReadResult.Accept(new Jwt(header, algorithm, key, payload))
            : JwtReadResult.Refuse(JwtRefusal.BadSignature, "signature does not verify, or the key is not for that alg");
    }

    private static IReadOnlyList<JsonWebKey>? FindCandidates(JoseHeader header, SigningAlgorithm algorithm, JsonWebKeySet? keys, out string? reason)
    {
        reason = null;
        if (keys is not null)
        {
            reason = header.Jwk is null ? null : "header parameter jwk is not accepted";
            return reason is null ? keys.FindCandidates(header.KeyId, algorithm) : null;
        }

        if (header.Jwk is not { } jwk)
        {
            reason = "header without jwk";
            return null;
        }

        if (!JsonWebKeyParser.TryParse(jwk, out var key, out reason))
        {
            return null;
        }

        reason = key.HasPrivateKey ? "jwk holds a private key" : null; // RFC 9449 §4.3 step 7
        return reason is null ? [key] : null;
    }

    private static bool TryReadPayload(ReadOnlySpan<byte> encoded, out JsonElement payload, out string? reason)
    {
        payload = default;
        var rented = ArrayPool<byte>.Shared.Rent(StrictBase64Url.DecodedLength(encoded.Length));
        var written = 0;
        try
        {
            if (!StrictBase64Url.TryDecode(encoded, rented, out written))
            {
                reason = "payload is not base64url";
                return false;
            }

            if (!StrictJson.TryParseObject(rented.AsSpan(0, written), out payload, out reason))
            {
                reason = $"payload: {reason}";
                return false;
            }

            reason = ClaimValues.FindWrongType(payload);
            return reason is null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(rented.AsSpan(0, written));
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    internal static JsonWebKey? FindSigner(in CompactJws jws, SigningAlgorithm algorithm, IReadOnlyList<JsonWebKey> candidates)
    {
        Span<byte> signature = stackalloc byte[MaximumSignatureLength];
        if (StrictBase64Url.DecodedLength(jws.Signature.Length) > MaximumSignatureLength
            || !StrictBase64Url.TryDecode(jws.Signature, signature, out var length))
        {
            return null;
        }

        foreach (var key in candidates)
        {
            if (key.Verify(algorithm, jws.SigningInput, signature[..length]))
            {
                return key;
            }
        }

        return null;
    }
}
