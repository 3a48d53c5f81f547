using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;

namespace IdentityProvider.Protocol.Jose;

/// <summary>Reads one JWK; what it lets through is safe to verify with (RFC 7517 §4, RFC 7518 §6.2 and §6.3).</summary>
internal static class JsonWebKeyParser
{
    private const int MaximumKeyIdLength = 256;

    public static bool TryParse(ReadOnlySpan<byte> utf8Json, [NotNullWhen(true)] out JsonWebKey? key, [NotNullWhen(false)] out string? reason)
    {
        key = null;
        if (!StrictJson.TryParseObject(utf8Json, out var element, out reason))
        {
            return false;
        }

        return TryParse(element, out key, out reason);
    }

    /// <summary>The element must come from <see cref="StrictJson"/>: here no name appears twice and every string is well-formed.</summary>
    public static bool TryParse(JsonElement element, [NotNullWhen(true)] out JsonWebKey? key, [NotNullWhen(false)] out string? reason)
    {
        key = null;
        if (element.ValueKind != JsonValueKind.Object)
        {
            reason = "not a JSON object";
            return false;
        }

        var reader = new MemberReader(element);
        key = ReadKey(reader);
        reason = reader.Problem;
        if (reason is not null)
        {
            key = null;
        }

        return key is not null;
    }

    private static JsonWebKey? ReadKey(MemberReader reader)
    {
        var keyType = reader.ReadString("kty");
        var purpose = ReadPurpose(reader);
        switch (keyType)
        {
            case JsonWebKey.RsaKeyType:
                return ReadRsa(reader, purpose);
            case JsonWebKey.EllipticCurveKeyType:
                return ReadEc(reader, purpose);
            default:
                reader.Refuse("kty is missing or neither RSA nor EC");
                return null;
        }
    }

    private static JsonWebKeyPurpose ReadPurpose(MemberReader reader)
    {
        var keyId = reader.ReadString("kid");
        if (keyId is { Length: 0 or > MaximumKeyIdLength })
        {
            reader.Refuse("kid is empty or longer than 256 characters");
        }

        var use = reader.ReadString("use");
        var operations = reader.ReadStrings("key_ops");
        if (operations is not null && operations.Distinct(StringComparer.Ordinal).Count() != operations.Count)
        {
            reader.Refuse("key_ops names an operation twice (RFC 7517 §4.3)");
        }

        if (operations is not null && use is not null && !IsConsistent(use, operations))
        {
            reader.Refuse("use and key_ops contradict each other (RFC 7517 §4.3)");
        }

        return new JsonWebKeyPurpose(keyId, use, operations, reader.ReadString("alg"));
    }

    private static bool IsConsistent(string use, List<string> operations) => use switch
    {
        "sig" => operations.TrueForAll(operation => operation is "sign" or "verify"),
        "enc" => !operations.Exists(operation => operation is "sign" or "verify"),
        _ => true,
    };

    private static JsonWebKey? ReadRsa(MemberReader reader, JsonWebKeyPurpose purpose)
    {
        var parameters = new RSAParameters { Modulus = reader.ReadRequiredBytes("n"), Exponent = reader.ReadRequiredBytes("e") };
        if (reader.Problem is null && RsaKeyRules.FindProblem(parameters.Modulus, parameters.Exponent) is { } problem)
        {
            reader.Refuse(problem);
        }

        CheckAlgorithm(reader, purpose, JsonWebKey.RsaKeyType, curve: null);
        if (reader.Problem is not null)
        {
            return null;
        }

        if (reader.Has("d") && !TryReadRsaPrivate(reader, ref parameters))
        {
            return null;
        }

        return new JsonWebKey(parameters, purpose);
    }

    // RFC 7518 §6.3.2: the platform needs the Chinese remainder values, which producers SHOULD include; more than two primes never occur.
    private static bool TryReadRsaPrivate(MemberReader reader, ref RSAParameters parameters)
    {
        if (reader.Has("oth"))
        {
            reader.Refuse("RSA keys of more than two primes are not supported");
        }

        var size = parameters.Modulus!.Length;
        var half = (size + 1) / 2;
        parameters.D = reader.ReadPaddedBytes("d", size);
        parameters.P = reader.ReadPaddedBytes("p", half);
        parameters.Q = reader.ReadPaddedBytes("q", half);
        parameters.DP = reader.ReadPaddedBytes("dp", half);
        parameters.DQ = reader.ReadPaddedBytes("dq", half);
        parameters.InverseQ = reader.ReadPaddedBytes("qi", half);
        return reader.Problem is null;
    }

    private static JsonWebKey? ReadEc(MemberReader reader, JsonWebKeyPurpose purpose)
    {
        var curve = EllipticCurve.Find(reader.ReadString("crv"));
        if (curve is null)
        {
            reader.Refuse("crv is missing or not P-256, P-384 or P-521");
            return null;
        }

        CheckAlgorithm(reader, purpose, JsonWebKey.EllipticCurveKeyType, curve.Name);

        // RFC 7518 §6.2.1.2, §6.2.1.3 and §6.2.2.1: exactly as long as the field or order, leading zeros included.
        var x = reader.ReadFixedBytes("x", curve.FieldSize);
        var y = reader.ReadFixedBytes("y", curve.FieldSize);
        var d = reader.Has("d") ? reader.ReadFixedBytes("d", curve.FieldSize) : null;
        if (reader.Problem is null && !curve.Contains(x, y))
        {
            reader.Refuse("the point is not on the curve");
        }

        return reader.Problem is null
            ? new JsonWebKey(new ECParameters { Curve = curve.Platform, Q = new ECPoint { X = x, Y = y }, D = d }, curve, purpose)
            : null;
    }

    // A signature algorithm that the key can never be used with is a mistake or an attack; other registered values (encryption) only
    // mean that the key does not verify.
    private static void CheckAlgorithm(MemberReader reader, JsonWebKeyPurpose purpose, string keyType, string? curve)
    {
        if (SigningAlgorithm.Find(purpose.Algorithm) is { } algorithm
            && (!string.Equals(algorithm.KeyType, keyType, StringComparison.Ordinal)
                || !string.Equals(algorithm.Curve, curve, StringComparison.Ordinal)))
        {
            reader.Refuse("alg does not fit kty and crv");
        }
    }

    /// <summary>Reads members and remembers the first problem.</summary>
    private sealed class MemberReader(JsonElement element)
    {
        public string? Problem { get; private set; }

        public void Refuse(string problem) => Problem ??= problem;

        public bool Has(string name) => element.TryGetProperty(name, out _);

        public string? ReadString(string name)
        {
            if (!element.TryGetProperty(name, out var value))
            {
                return null;
            }

            if (value.ValueKind != JsonValueKind.String)
            {
                Refuse($"{name} is not a string");
                return null;
            }

            return value.GetString();
        }

        public List<string>? ReadStrings(string name)
        {
            if (!element.TryGetProperty(name, out var value))
            {
                return null;
            }

            if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
            {
                Refuse($"{name} is not an array of strings");
                return null;
            }

            return [.. value.EnumerateArray().Select(item => item.GetString()!)];
        }

        public byte[]? ReadRequiredBytes(string name)
        {
            if (ReadString(name) is not { Length: > 0 } encoded || !StrictBase64Url.TryDecode(encoded, out var decoded))
            {
                Refuse($"{name} is missing or not base64url");
                return null;
            }

            return decoded;
        }

        public byte[]? ReadFixedBytes(string name, int length)
        {
            var value = ReadRequiredBytes(name);
            if (value is not null && value.Length != length)
            {
                Refuse($"{name} is not {length} octets long");
            }

            return value;
        }

        // Base64urlUInt drops leading zeros, the platform wants them back.
        public byte[]? ReadPaddedBytes(string name, int length)
        {
            var value = ReadRequiredBytes(name);
            if (value is null || value.Length == length)
            {
                return value;
            }

            if (value.Length > length)
            {
                Refuse($"{name} is longer than the modulus allows");
                return null;
            }

            var padded = new byte[length];
            value.CopyTo(padded, length - value.Length);
            CryptographicOperations.ZeroMemory(value);
            return padded;
        }
    }
}
