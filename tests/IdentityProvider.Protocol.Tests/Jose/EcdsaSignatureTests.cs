using System.Buffers.Text;
using System.Formats.Asn1;
using System.Numerics;
using System.Text;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Tests.Jose;

/// <summary>Forms of ECDSA signatures: RFC 7518 §3.4 knows one.</summary>
public sealed class EcdsaSignatureTests
{
    private static readonly string[] Orders =
    [
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
        "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
    ];

    public static TheoryData<string, string, string> Corners
    {
        get
        {
            string[] values = ["0", "1", "n-1", "n", "n+1", "max"];
            var data = new TheoryData<string, string, string>();
            foreach (var algorithm in (string[])["ES256", "ES384", "ES512"])
            {
                foreach (var r in values)
                {
                    foreach (var s in values)
                    {
                        data.Add(algorithm, r, s);
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [Case(155)]
    [MemberData(nameof(Corners))]
    public void Signature_of_corner_values_is_refused(string name, string r, string s)
    {
        var algorithm = SigningAlgorithm.Find(name)!;
        var credential = TestCredentials.For(algorithm.Name);
        var half = credential.SignatureLength / 2;
        var order = Orders.Single(order => order.Length == 2 * half);
        byte[] signature = [.. Value(r), .. Value(s)];

        Assert.False(credential.PublicJwk.Verify(algorithm, "data"u8, signature));

        // Ours alone decides, not a platform that may forget: CVE-2022-21449.
        var possible = (r is "1" or "n-1") && (s is "1" or "n-1");
        Assert.Equal(possible, algorithm.EllipticCurve!.IsPossibleSignature(signature));

        byte[] Value(string word)
        {
            var n = new BigInteger(Convert.FromHexString(order), isUnsigned: true, isBigEndian: true);
            var number = word switch
            {
                "0" => 0,
                "1" => 1,
                "n-1" => n - 1,
                "n" => n,
                "n+1" => n + 1,
                _ => (BigInteger.One << (8 * half)) - 1,
            };
            var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
            return [.. new byte[half - bytes.Length], .. bytes];
        }
    }

    [Theory]
    [Case(155)]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public void Signature_in_another_form_is_refused(string name)
    {
        var algorithm = SigningAlgorithm.Find(name)!;
        var credential = TestCredentials.For(algorithm.Name);
        var input = $"{TestTokens.Encode($$"""{"alg":"{{name}}"}""")}.{TestTokens.Encode("{}")}";
        var signature = credential.Sign(Encoding.ASCII.GetBytes(input));
        var half = signature.Length / 2;

        Assert.True(Reads(signature));
        Assert.False(Reads(Der(signature)));
        Assert.False(Reads(signature[..^1]));
        Assert.False(Reads(signature[1..]));
        Assert.False(Reads([.. signature, 0]));
        Assert.False(Reads([0, .. signature]));
        Assert.False(Reads([0, .. signature[..half], 0, .. signature[half..]]));
        Assert.False(Reads([.. signature[half..], .. signature[..half]]));
        Assert.False(Reads(new byte[signature.Length]));

        bool Reads(byte[] value) => JwtReader.Read(
            $"{input}.{Base64Url.EncodeToString(value)}", new JsonWebKeySet([credential.PublicJwk]), TestTokens.AnyType).Succeeded;
    }

    [Fact]
    public void Signature_with_s_plus_n_is_refused()
    {
        // s and s + n are the same number modulo n; for P-521 both fit into the field.
        var credential = TestCredentials.For("ES512");
        var signature = credential.Sign("data"u8);
        var s = new BigInteger(signature.AsSpan(66), isUnsigned: true, isBigEndian: true)
            + new BigInteger(Convert.FromHexString(Orders[2]), isUnsigned: true, isBigEndian: true);
        var bytes = s.ToByteArray(isUnsigned: true, isBigEndian: true);

        Assert.True(credential.PublicJwk.Verify(SigningAlgorithm.ES512, "data"u8, signature));
        Assert.False(credential.PublicJwk.Verify(SigningAlgorithm.ES512, "data"u8, [.. signature[..66], .. new byte[66 - bytes.Length], .. bytes]));
    }

    private static byte[] Der(byte[] signature)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new BigInteger(signature.AsSpan(0, signature.Length / 2), isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new BigInteger(signature.AsSpan(signature.Length / 2), isUnsigned: true, isBigEndian: true));
        }

        return writer.Encode();
    }
}
