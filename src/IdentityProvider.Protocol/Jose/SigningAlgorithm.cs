using System.Buffers.Text;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider.Protocol.Jose;

/// <summary>
/// A JWS signature algorithm this server signs and verifies with: RFC 7518 §3.1. The list is closed. <c>none</c> and the
/// symmetric <c>HS…</c> algorithms are not in it, so nothing can be configured or talked into accepting them (RFC 8725 §3.1, §3.2).
/// </summary>
public sealed class SigningAlgorithm
{
    public static readonly SigningAlgorithm RS256 = new("RS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    public static readonly SigningAlgorithm RS384 = new("RS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
    public static readonly SigningAlgorithm RS512 = new("RS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1);
    public static readonly SigningAlgorithm PS256 = new("PS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
    public static readonly SigningAlgorithm PS384 = new("PS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pss);
    public static readonly SigningAlgorithm PS512 = new("PS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pss);
    public static readonly SigningAlgorithm ES256 = new("ES256", HashAlgorithmName.SHA256, EllipticCurve.P256);
    public static readonly SigningAlgorithm ES384 = new("ES384", HashAlgorithmName.SHA384, EllipticCurve.P384);
    public static readonly SigningAlgorithm ES512 = new("ES512", HashAlgorithmName.SHA512, EllipticCurve.P521);

    private static readonly FrozenDictionary<string, SigningAlgorithm> ByName =
        new[] { RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 }
            .ToFrozenDictionary(algorithm => algorithm.Name, StringComparer.Ordinal);

    private SigningAlgorithm(string name, HashAlgorithmName hash, RSASignaturePadding padding)
    {
        Name = name;
        Hash = hash;
        KeyType = JsonWebKey.RsaKeyType;
        Padding = padding;
    }

    private SigningAlgorithm(string name, HashAlgorithmName hash, EllipticCurve curve)
    {
        Name = name;
        Hash = hash;
        KeyType = JsonWebKey.EllipticCurveKeyType;
        EllipticCurve = curve;
    }

    /// <summary>Every supported algorithm, RS256 first: the order in which metadata lists them.</summary>
    public static IReadOnlyList<SigningAlgorithm> All { get; } = [RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512];

    /// <summary>The registered <c>alg</c> value, for example <c>RS256</c>.</summary>
    public string Name { get; }

    /// <summary>The <c>kty</c> of the keys it works with: <c>RSA</c> or <c>EC</c>.</summary>
    public string KeyType { get; }

    /// <summary>The one <c>crv</c> it works with; null for RSA. RFC 7518 §3.4 ties each ES algorithm to one curve.</summary>
    public string? Curve => EllipticCurve?.Name;

    public HashAlgorithmName Hash { get; }

    internal RSASignaturePadding? Padding { get; }

    internal EllipticCurve? EllipticCurve { get; }

    /// <summary>The algorithm of that exact, case-sensitive name, or null when it is not supported.</summary>
    public static SigningAlgorithm? Find(string? name) => name is null ? null : ByName.GetValueOrDefault(name);

    /// <summary>
    /// The left half of the hash of an ASCII value, base64url: <c>at_hash</c> and <c>c_hash</c> of an ID token signed with this
    /// algorithm (OIDC Core §3.1.3.6).
    /// </summary>
    public string LeftHalfHash(string ascii)
    {
        var hash = CryptographicOperations.HashData(Hash, Encoding.ASCII.GetBytes(ascii));
        return Base64Url.EncodeToString(hash.AsSpan(0, hash.Length / 2));
    }

    public override string ToString() => Name;
}
