using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace IdentityProvider.Protocol.Jose;

/// <summary>One of the three NIST curves of RFC 7518 §6.2.1.1, with the numbers needed to judge points and signatures ourselves.</summary>
internal sealed class EllipticCurve
{
    // p, b and n as in FIPS 186-4 appendix D.1.2; a is p - 3 for all three.
    public static readonly EllipticCurve P256 = new(
        "P-256",
        32,
        ECCurve.NamedCurves.nistP256,
        "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
        "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

    public static readonly EllipticCurve P384 = new(
        "P-384",
        48,
        ECCurve.NamedCurves.nistP384,
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
        "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
        "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973");

    public static readonly EllipticCurve P521 = new(
        "P-521",
        66,
        ECCurve.NamedCurves.nistP521,
        "01ff" + "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff" + "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
        "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409");

    private readonly BigInteger _prime;
    private readonly BigInteger _b;
    private readonly byte[] _order;

    private EllipticCurve(string name, int fieldSize, ECCurve platform, string prime, string b, string order)
    {
        Name = name;
        FieldSize = fieldSize;
        Platform = platform;
        _prime = BigInteger.Parse("0" + prime, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        _b = BigInteger.Parse("0" + b, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        _order = Convert.FromHexString(order);
    }

    /// <summary>The <c>crv</c> value.</summary>
    public string Name { get; }

    /// <summary>Bytes of one coordinate, of the private value, and of each half of a signature.</summary>
    public int FieldSize { get; }

    public ECCurve Platform { get; }

    public static EllipticCurve? Find(string? name) => name switch
    {
        "P-256" => P256,
        "P-384" => P384,
        "P-521" => P521,
        _ => null,
    };

    /// <summary>y² = x³ - 3x + b and both coordinates below p. An invalid point must never reach the platform: RFC 8725 §3.4.</summary>
    public bool Contains(ReadOnlySpan<byte> xBytes, ReadOnlySpan<byte> yBytes)
    {
        var x = new BigInteger(xBytes, isUnsigned: true, isBigEndian: true);
        var y = new BigInteger(yBytes, isUnsigned: true, isBigEndian: true);
        if (x >= _prime || y >= _prime)
        {
            return false;
        }

        return ((y * y) - (x * x * x) + (3 * x) - _b) % _prime == BigInteger.Zero;
    }

    /// <summary>
    /// The fixed-length form of RFC 7518 §3.4 with 0 &lt; r &lt; n and 0 &lt; s &lt; n. Zeros verify every message on a careless
    /// implementation (CVE-2022-21449), so we do not leave them to the platform.
    /// </summary>
    public bool IsPossibleSignature(ReadOnlySpan<byte> signature) =>
        signature.Length == 2 * FieldSize && IsScalar(signature[..FieldSize]) && IsScalar(signature[FieldSize..]);

    private bool IsScalar(ReadOnlySpan<byte> value) =>
        value.ContainsAnyExcept((byte)0) && value.SequenceCompareTo(_order) < 0;
}
