using System.Buffers;
using System.Diagnostics.CodeAnalysis;
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
    /// <returns>
    /// The verified token, or the kind of refusal and a reason for the log. Whether its claims are right is not looked at:
    /// <see cref="JwtClaimRules"/>.
    /// </returns>
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
        if (!TryOpen(token, rules, keys, out var jws, out var refusal))
        {
            return refusal;
        }

        if (!TryReadPayload(jws.Parts.Payload, out var payload, out var reason))
        {
            return JwtReadResult.Refuse(JwtRefusal.Malformed, reason);
        }

        return FindSigner(jws) is { } key
            ? JwtReadResult.Accept(new Jwt(jws.Header, jws.Algorithm, key, payload))
            : JwtReadResult.Refuse(JwtRefusal.BadSignature, "signature does not verify, or the key is not for that alg");
    }

    /// <summary>Everything that can be said against a JWS without looking at its payload and without cryptography.</summary>
    internal static bool TryOpen(
        ReadOnlySpan<byte> token,
        JwtReadRules rules,
        JsonWebKeySet? keys,
        out OpenedJws jws,
        [NotNullWhen(false)] out JwtReadResult? refusal)
    {
        jws = default;
        refusal = null;
        if (!CompactJws.TrySplit(token, out var parts))
        {
            refusal = JwtReadResult.Refuse(JwtRefusal.Malformed, "not three parts of base64url");
            return false;
        }

        if (!JoseHeader.TryParse(parts.Header, out var header, out var reason))
        {
            refusal = JwtReadResult.Refuse(JwtRefusal.Malformed, reason);
            return false;
        }

        if (SigningAlgorithm.Find(header.Algorithm) is not { } algorithm || !rules.Allows(algorithm))
        {
            refusal = JwtReadResult.Refuse(JwtRefusal.NotAccepted, "alg is not accepted here");
            return false;
        }

        if (!rules.AllowsType(header.Type))
        {
            refusal = JwtReadResult.Refuse(JwtRefusal.NotAccepted, "typ is not accepted here");
            return false;
        }

        if (FindCandidates(header, algorithm, keys, out reason) is not { } candidates)
        {
            refusal = JwtReadResult.Refuse(JwtRefusal.Malformed, reason!);
            return false;
        }

        if (candidates.Count == 0)
        {
            refusal = JwtReadResult.Refuse(JwtRefusal.UnknownKey, "no key for that kid, or several keys and no kid");
            return false;
        }

        jws = new OpenedJws(parts, header, algorithm, candidates);
        return true;
    }

    /// <summary>The candidate whose signature it is, or null.</summary>
    internal static JsonWebKey? FindSigner(in OpenedJws jws)
    {
        Span<byte> signature = stackalloc byte[MaximumSignatureLength];
        if (StrictBase64Url.DecodedLength(jws.Parts.Signature.Length) > MaximumSignatureLength
            || !StrictBase64Url.TryDecode(jws.Parts.Signature, signature, out var length))
        {
            return null;
        }

        foreach (var key in jws.Candidates)
        {
            if (key.Verify(jws.Algorithm, jws.Parts.SigningInput, signature[..length]))
            {
                return key;
            }
        }

        return null;
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

    private static bool TryReadPayload(ReadOnlySpan<byte> encoded, out JsonElement payload, [NotNullWhen(false)] out string? reason)
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
}
