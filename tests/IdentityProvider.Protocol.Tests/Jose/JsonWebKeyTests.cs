using System.Buffers.Text;
using System.Numerics;
using System.Text.Json;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Tests.Jose;

public sealed class JsonWebKeyTests
{
    private const string X = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
    private const string Y = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM";

    [Theory]
    [Case(163)]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"{x}","y":"{x}"}""", "not on the curve")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"{y}","y":"{x}"}""", "not on the curve")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""", "not on the curve")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"_____________________________________________w","y":"{y}"}""", "octets long")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"__________________________________________8","y":"{y}"}""", "not on the curve")]
    [InlineData("""{"kty":"EC","crv":"P-384","x":"{x}","y":"{y}"}""", "octets long")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"{x}=","y":"{y}"}""", "base64url")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":" {x}","y":"{y}"}""", "base64url")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"{x}A","y":"{y}"}""", "octets long")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"{x}"}""", "y is missing")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":1,"y":"{y}"}""", "x is not a string")]
    [InlineData("""{"kty":"EC","crv":"secp256k1","x":"{x}","y":"{y}"}""", "crv")]
    [InlineData("""{"kty":"EC","crv":"p-256","x":"{x}","y":"{y}"}""", "crv")]
    [InlineData("""{"kty":"EC","x":"{x}","y":"{y}"}""", "crv")]
    [InlineData("""{"kty":"ec","crv":"P-256","x":"{x}","y":"{y}"}""", "kty")]
    [InlineData("""{"crv":"P-256","x":"{x}","y":"{y}"}""", "kty")]
    [InlineData("""{"kty":"oct","k":"AAAA"}""", "kty")]
    [InlineData("""{"kty":"RSA","crv":"P-256","x":"{x}","y":"{y}"}""", "n is missing")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}","alg":"ES384"}""", "alg does not fit")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}","alg":"RS256"}""", "alg does not fit")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}","kid":""}""", "kid")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}","kid":7}""", "kid")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}","use":["sig"]}""", "use")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}","key_ops":"verify"}""", "key_ops")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}","key_ops":["verify","verify"]}""", "twice")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}","use":"sig","key_ops":["encrypt"]}""", "contradict")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}","use":"enc","key_ops":["verify"]}""", "contradict")]
    [InlineData("""{"kty":"EC","kty":"RSA","crv":"P-256","x":"{x}","y":"{y}"}""", "twice")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"{x}","\u0078":"{x}","y":"{y}"}""", "twice")]
    [InlineData("[]", "object")]
    [InlineData("", "empty")]
    public void Bad_key_is_refused_with_its_reason(string json, string why)
    {
        var reason = TestTokens.WhyNotAKey(json.Replace("{x}", X, StringComparison.Ordinal).Replace("{y}", Y, StringComparison.Ordinal));

        Assert.NotNull(reason);
        Assert.Contains(why, reason, StringComparison.Ordinal);
    }

    [Theory]
    [Case(163)]
    [InlineData(1024, "65537", "below 2048")]
    [InlineData(2047, "65537", "below 2048")]
    [InlineData(8193, "65537", "above 8192")]
    [InlineData(16384, "65537", "above 8192")]
    [InlineData(2048, "1", "exponent")]
    [InlineData(2048, "3", "exponent")]
    [InlineData(2048, "65535", "exponent")]
    [InlineData(2048, "65538", "exponent")]
    [InlineData(2048, "36893488147419103233", "exponent")] // 2^65 + 1
    [InlineData(2048, "65537", null)]
    [InlineData(8192, "65537", null)]
    [Clause("RFC 7518", "3.3", "A key of size 2048 bits or larger MUST be used with these algorithms.")]
    public void Rsa_key_outside_the_bounds_is_refused(int bits, string exponent, string? why)
    {
        var modulus = (BigInteger.One << bits) - 159; // odd, of that size; whether it is a product of primes is not for a verifier to find out
        var reason = TestTokens.WhyNotAKey(Rsa(
            modulus.ToByteArray(isUnsigned: true, isBigEndian: true),
            BigInteger.Parse(exponent, System.Globalization.CultureInfo.InvariantCulture).ToByteArray(isUnsigned: true, isBigEndian: true)));

        Assert.Equal(why is null, reason is null);
        Assert.Contains(why ?? "", reason ?? "", StringComparison.Ordinal);
    }

    [Fact]
    [Clause("RFC 7518", "2", "Base64urlUInt: The octet sequence MUST utilize the minimum number of octets needed to represent the value.")]
    public void Leading_zeros_are_refused()
    {
        var modulus = TestTokens.ParseKey(RfcExamples.RsaKey).Modulus.ToArray();

        Assert.Null(TestTokens.WhyNotAKey(Rsa(modulus, [1, 0, 1])));
        Assert.NotNull(TestTokens.WhyNotAKey(Rsa([0, .. modulus], [1, 0, 1])));
        Assert.NotNull(TestTokens.WhyNotAKey(Rsa(modulus, [0, 1, 0, 1])));
        modulus[^1] &= 0xFE;
        Assert.Contains("even", TestTokens.WhyNotAKey(Rsa(modulus, [1, 0, 1])), StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_members_are_passed_over_and_not_written()
    {
        var key = TestTokens.ParseKey($$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}","ours":{"a":1},"x5c":["AAAA"]}""");

        Assert.Equal($$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}"}""", JwtReaderAlgorithmTests.Write(key));
    }

    [Theory]
    [InlineData(RfcExamples.RsaKey)]
    [InlineData(RfcExamples.P521Key)]
    public void Private_members_are_never_written(string json)
    {
        using var written = JsonDocument.Parse(JwtReaderAlgorithmTests.Write(TestTokens.ParseKey(json)));

        foreach (var name in (string[])["d", "p", "q", "dp", "dq", "qi"])
        {
            Assert.False(written.RootElement.TryGetProperty(name, out _), name);
        }
    }

    [Fact]
    public void Element_of_a_lenient_parser_is_judged_as_strictly()
    {
        using var document = JsonDocument.Parse($$"""{"kty":"RSA","kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}"}""");

        Assert.False(JsonWebKey.TryParse(document.RootElement, out _, out var reason));
        Assert.Contains("twice", reason, StringComparison.Ordinal);
        Assert.False(JsonWebKey.TryParse(default(JsonElement), out _, out _));
    }

    [Fact]
    public void Thumbprint_does_not_depend_on_what_is_not_the_key()
    {
        var plain = TestTokens.ParseKey($$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}"}""");
        var full = TestTokens.ParseKey($$"""{"y":"{{Y}}","x":"{{X}}","use":"sig","alg":"ES256","kid":"a","crv":"P-256","kty":"EC"}""");

        Assert.Equal(plain.Thumbprint, full.Thumbprint);
        Assert.Equal("cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s", plain.Thumbprint);
    }

    private static string Rsa(byte[] modulus, byte[] exponent) =>
        $$"""{"kty":"RSA","n":"{{Base64Url.EncodeToString(modulus)}}","e":"{{Base64Url.EncodeToString(exponent)}}"}""";
}
