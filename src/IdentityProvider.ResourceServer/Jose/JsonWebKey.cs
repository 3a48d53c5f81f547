using System.Security.Cryptography;
using System.Text.Json;

namespace IdentityProvider.ResourceServer.Jose;

/// <summary>Reads one JWK (RFC 7517 §4, RFC 7518 §6) into a key that can verify.</summary>
internal static class JsonWebKey
{
    private const int MinimumRsaBits = 2048;

    // RFC 8725 §3.5 sets the floor; the ceiling keeps one verification cheap.
    private const int MaximumRsaBits = 8192;

    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <summary>
    /// The key, or null when it is not for verifying signatures with an algorithm of our list: another use, a symmetric
    /// or private key, a weak or malformed one. A set may hold such keys; they are passed over.
    /// </summary>
    public static VerificationKey? TryRead(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object
            || jwk.FindString("kid") is not { } id
            || PrivateMembers.Any(name => jwk.TryGetProperty(name, out _))
            || !IsForSignatures(jwk))
        {
            return null;
        }

        try
        {
            return jwk.FindString("kty") switch
            {
                "RSA" => ReadRsa(jwk, id),
                "EC" => ReadEllipticCurve(jwk, id),
                _ => null,
            };
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static bool IsForSignatures(JsonElement jwk)
    {
        if (jwk.TryGetProperty("use", out var use) && (use.ValueKind != JsonValueKind.String || !use.ValueEquals("sig")))
        {
            return false;
        }

        return !jwk.TryGetProperty("key_ops", out var operations)
            || (operations.ValueKind == JsonValueKind.Array
                && operations.EnumerateArray().Any(o => o.ValueKind == JsonValueKind.String && o.ValueEquals("verify")));
    }

    private static VerificationKey? ReadRsa(JsonElement jwk, string id)
    {
        // A key that names no algorithm is for the default of OIDC Core §3.1.3.7; the token does not get to choose.
        var algorithm = AlgorithmOf(jwk, "RS256");
        if (algorithm?.Padding is null
            || Integer(jwk, "n") is not { } modulus
            || Integer(jwk, "e") is not { Length: <= 4 } exponent)
        {
            return null;
        }

        var bits = (modulus.Length * 8) - int.LeadingZeroCount(modulus[0]) + 24;
        var hasBadExponent = exponent[^1] % 2 == 0 || (exponent.Length == 1 && exponent[0] < 3);
        if (bits is < MinimumRsaBits or > MaximumRsaBits || modulus[^1] % 2 == 0 || hasBadExponent)
        {
            return null;
        }

        var parameters = new RSAParameters { Modulus = modulus, Exponent = exponent };
        return new VerificationKey(id, algorithm, () => RSA.Create(parameters));
    }

    private static VerificationKey? ReadEllipticCurve(JsonElement jwk, string id)
    {
        var curve = EllipticCurve.Find(jwk.FindString("crv"));
        if (curve is null || AlgorithmOf(jwk, curve.Algorithm) is not { } algorithm || algorithm.Curve != curve)
        {
            return null;
        }

        // RFC 7518 §6.2.1.2: full length, leading zeros included.
        if (Base64UrlText.Decode(jwk.FindString("x")) is not { } x || x.Length != curve.Size
            || Base64UrlText.Decode(jwk.FindString("y")) is not { } y || y.Length != curve.Size)
        {
            return null;
        }

        var parameters = new ECParameters { Curve = curve.Parameters, Q = new ECPoint { X = x, Y = y } };
        return new VerificationKey(id, algorithm, () => ECDsa.Create(parameters));
    }

    private static SignatureAlgorithm? AlgorithmOf(JsonElement jwk, string fallback) =>
        jwk.TryGetProperty("alg", out _)
            ? jwk.FindString("alg") is { } name ? SignatureAlgorithm.Find(name) : null
            : SignatureAlgorithm.Find(fallback);

    private static byte[]? Integer(JsonElement jwk, string name)
    {
        var bytes = Base64UrlText.Decode(jwk.FindString(name)).AsSpan().TrimStart((byte)0);
        return bytes.IsEmpty ? null : bytes.ToArray();
    }
}
