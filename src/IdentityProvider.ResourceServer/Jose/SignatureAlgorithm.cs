using System.Collections.Frozen;
using System.Security.Cryptography;

namespace IdentityProvider.ResourceServer.Jose;

/// <summary>
/// The closed list of signature algorithms (RFC 7518 §3.1): asymmetric ones only, so a public key can never be taken
/// for a secret, and <c>none</c> has no entry. <see cref="Curve"/> is null for RSA.
/// </summary>
internal sealed record SignatureAlgorithm(
    string Name, HashAlgorithmName Hash, RSASignaturePadding? Padding, EllipticCurve? Curve)
{
    private static readonly FrozenDictionary<string, SignatureAlgorithm> All = new SignatureAlgorithm[]
    {
        new("RS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, null),
        new("RS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1, null),
        new("RS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1, null),
        new("PS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pss, null),
        new("PS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pss, null),
        new("PS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pss, null),
        new("ES256", HashAlgorithmName.SHA256, null, EllipticCurve.P256),
        new("ES384", HashAlgorithmName.SHA384, null, EllipticCurve.P384),
        new("ES512", HashAlgorithmName.SHA512, null, EllipticCurve.P521),
    }.ToFrozenDictionary(algorithm => algorithm.Name, StringComparer.Ordinal);

    public static SignatureAlgorithm? Find(string name) => All.GetValueOrDefault(name);
}
