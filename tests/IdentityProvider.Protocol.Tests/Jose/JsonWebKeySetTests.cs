using System.Text;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Tests.Jose;

public sealed class JsonWebKeySetTests
{
    private const string Ec = "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\",\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"";

    [Theory]
    [Case(146)]
    [InlineData("{\"keys\":[{{ec},\"kid\":\"a\"},{{ec},\"kid\":\"a\"}]}", "one kid")]
    [InlineData("{\"keys\":[{{ec},\"kid\":\"a\"},{{ec}}]}", "without kid")]
    [InlineData("{\"keys\":[{{ec},\"d\":\"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE\"}]}", "private key")]
    [InlineData("{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"},{{ec}}]}", "symmetric key")]
    [InlineData("{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\"}]}", "missing")]
    [InlineData("{\"keys\":[{\"kty\":\"OKP\"}]}", "without a usable")]
    [InlineData("{\"keys\":[]}", "without a usable")]
    [InlineData("{\"keys\":[{}]}", "without kty")]
    [InlineData("{\"keys\":[1]}", "not an object")]
    [InlineData("{\"keys\":{}}", "not an array")]
    [InlineData("{\"keys\":[],\"keys\":[]}", "twice")]
    [InlineData("{}", "keys is missing")]
    [InlineData("{{ec}}", "keys is missing")]
    [InlineData("[]", "not a JSON object")]
    public void Registered_set_with_a_problem_is_refused(string json, string why)
    {
        Assert.False(TryParse(json.Replace("{ec}", Ec, StringComparison.Ordinal), strict: true, out _, out var reason));
        Assert.Contains(why, reason, StringComparison.Ordinal);
    }

    [Fact]
    [Case(146)]
    public void Set_too_long_or_of_too_many_keys_is_refused()
    {
        var many = $$"""{"keys":[{{string.Join(',', Enumerable.Repeat("""{"kty":"x"}""", 101))}}]}""";
        var large = $$"""{"keys":[{{{Ec}}}],"x":"{{new string('x', 64 * 1024)}}"}""";

        foreach (var strict in (bool[])[true, false])
        {
            Assert.False(TryParse(many, strict, out _, out var reason));
            Assert.Contains("100 keys", reason, StringComparison.Ordinal);
            Assert.False(TryParse(large, strict, out _, out reason));
            Assert.Contains("64 KiB", reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [Clause("RFC 7517", "5", "Implementations SHOULD ignore JWKs within a JWK Set that use \"kty\" values that are not understood by them ... or for which values are out of the supported ranges.")]
    [InlineData("{\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"pub\":\"AA\"}", true)]
    [InlineData("{\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"pub\":\"AA\"}", false)]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"alg\":\"ES256K\",\"x\":\"AA\",\"y\":\"AA\"}", true)]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"alg\":\"ES256K\",\"x\":\"AA\",\"y\":\"AA\"}", false)]
    public void Keys_of_a_type_or_curve_that_we_do_not_know_are_passed_over(string foreign, bool strict)
    {
        Assert.True(TryParse($$"""{"keys":[{{foreign}},{{{Ec}}}]}""", strict, out var set, out var reason), reason);
        Assert.Equal("P-256", Assert.Single(set!.Keys).Curve);
    }

    [Fact]
    public void Published_set_keeps_what_can_be_used()
    {
        Assert.True(TryParse($$"""{"keys":[1,{},{"kty":"oct","k":"AA"},{"kty":"RSA","n":"AQ","e":"Aw"},{{{Ec}},"kid":"a"},{{{Ec}},"kid":"a"}]}""", strict: false, out var set, out var reason), reason);

        Assert.Equal(2, set!.Keys.Count);
        Assert.Equal(2, set.FindCandidates("a", SigningAlgorithm.ES256).Count);
    }

    [Fact]
    public void One_token_is_tried_with_few_keys()
    {
        Assert.True(TryParse($$"""{"keys":[{{string.Join(',', Enumerable.Repeat($$"""{{{Ec}},"kid":"a"}""", 100))}}]}""", strict: false, out var set, out var reason), reason);

        Assert.Equal(100, set!.Keys.Count);
        Assert.Equal(4, set.FindCandidates("a", SigningAlgorithm.ES256).Count);
    }

    private static bool TryParse(string json, bool strict, out JsonWebKeySet? set, out string? reason) =>
        JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes(json), strict, out set, out reason);
}
