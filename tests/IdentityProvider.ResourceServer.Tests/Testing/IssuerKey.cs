using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace IdentityProvider.ResourceServer.Tests.Testing;

/// <summary>A signing key of the test issuer.</summary>
internal sealed class IssuerKey
{
    private readonly AsymmetricAlgorithm _key;

    private IssuerKey(string id, string algorithm, AsymmetricAlgorithm key)
    {
        Id = id;
        Algorithm = algorithm;
        _key = key;
    }

    public string Id { get; }

    public string Algorithm { get; }

    public static IssuerKey Create(string id, string algorithm = "ES256", int rsaBits = 2048) => new(
        id,
        algorithm,
        algorithm switch
        {
            "ES256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            "ES384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            "ES512" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
            _ => RSA.Create(rsaBits),
        });

    public JsonObject PublicJwk()
    {
        if (_key is RSA rsa)
        {
            var p = rsa.ExportParameters(false);
            return new JsonObject
            {
                ["kty"] = "RSA",
                ["use"] = "sig",
                ["kid"] = Id,
                ["alg"] = Algorithm,
                ["n"] = Base64Url.EncodeToString(p.Modulus),
                ["e"] = Base64Url.EncodeToString(p.Exponent),
            };
        }

        var q = ((ECDsa)_key).ExportParameters(false).Q;
        return new JsonObject
        {
            ["kty"] = "EC",
            ["use"] = "sig",
            ["kid"] = Id,
            ["alg"] = Algorithm,
            ["crv"] = "P-" + (Algorithm is "ES512" ? "521" : Algorithm[2..]),
            ["x"] = Base64Url.EncodeToString(q.X),
            ["y"] = Base64Url.EncodeToString(q.Y),
        };
    }

    public string PublicPem() => _key.ExportSubjectPublicKeyInfoPem();

    /// <summary>A JWS over exactly this header and payload, signed with this key, whatever the header says.</summary>
    public string Sign(string header, string payload, string? algorithm = null)
    {
        var input = Encode(header) + "." + Encode(payload);
        return input + "." + Base64Url.EncodeToString(SignBytes(Encoding.ASCII.GetBytes(input), algorithm ?? Algorithm));
    }

    public byte[] SignBytes(byte[] input, string algorithm)
    {
        var hash = algorithm[2..] switch
        {
            "256" => HashAlgorithmName.SHA256,
            "384" => HashAlgorithmName.SHA384,
            _ => HashAlgorithmName.SHA512,
        };
        return _key is RSA rsa
            ? rsa.SignData(input, hash, algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1)
            : ((ECDsa)_key).SignData(input, hash);
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
