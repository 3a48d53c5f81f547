using System.Security.Cryptography;

namespace IdentityProvider.ResourceServer.Jose;

/// <summary>A curve of RFC 7518 §6.2.1.1. <see cref="Size"/>: bytes of one coordinate, and of r and s each.</summary>
internal sealed record EllipticCurve(string Name, ECCurve Parameters, int Size, string Algorithm)
{
    public static readonly EllipticCurve P256 = new("P-256", ECCurve.NamedCurves.nistP256, 32, "ES256");
    public static readonly EllipticCurve P384 = new("P-384", ECCurve.NamedCurves.nistP384, 48, "ES384");
    public static readonly EllipticCurve P521 = new("P-521", ECCurve.NamedCurves.nistP521, 66, "ES512");

    public static EllipticCurve? Find(string? name) => name switch
    {
        "P-256" => P256,
        "P-384" => P384,
        "P-521" => P521,
        _ => null,
    };
}
