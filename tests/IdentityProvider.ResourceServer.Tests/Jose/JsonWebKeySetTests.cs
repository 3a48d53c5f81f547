using System.Text;
using System.Text.Json.Nodes;
using IdentityProvider.ResourceServer.Jose;
using IdentityProvider.ResourceServer.Tests.Testing;

namespace IdentityProvider.ResourceServer.Tests.Jose;

/// <summary>Which keys of a JWKS are used: RFC 7517 §4, RFC 7518 §6.</summary>
public sealed class JsonWebKeySetTests
{
    private static readonly IssuerKey Good = IssuerKey.Create("good");
    private static readonly IssuerKey Rsa = IssuerKey.Create("k", "RS256");

    [Fact]
    public void Key_that_is_not_for_signatures_is_passed_over()
    {
        AssertIgnored(Changed(Rsa, jwk => jwk["use"] = "enc"));
        AssertIgnored(Changed(Rsa, jwk => jwk["key_ops"] = new JsonArray("encrypt")));
        AssertIgnored(Changed(Rsa, jwk => jwk["key_ops"] = "verify"));
        AssertIgnored(Changed(Rsa, jwk => jwk["alg"] = "RSA-OAEP"));
        AssertIgnored(Changed(Rsa, jwk => jwk["alg"] = "ES256"));
        AssertIgnored(Changed(Rsa, jwk => jwk["alg"] = "HS256"));
        AssertIgnored(Changed(Rsa, jwk => jwk["alg"] = 1));
        AssertIgnored(new JsonObject { ["kty"] = "oct", ["kid"] = "k", ["alg"] = "HS256", ["k"] = "c2VjcmV0" });
        AssertIgnored(new JsonObject { ["kty"] = "OKP", ["kid"] = "k", ["crv"] = "Ed25519", ["x"] = "AA" });
    }

    [Fact]
    public void Private_key_is_passed_over() => AssertIgnored(Changed(Rsa, jwk => jwk["d"] = "AQAB"));

    [Fact]
    public void Key_without_kid_is_passed_over() => AssertIgnored(Changed(Rsa, jwk => jwk.Remove("kid")));

    [Fact]
    public void Weak_or_malformed_rsa_key_is_passed_over()
    {
        AssertIgnored(IssuerKey.Create("k", "RS256", rsaBits: 1024).PublicJwk());
        AssertIgnored(Changed(Rsa, jwk => jwk["e"] = "AQ"));
        AssertIgnored(Changed(Rsa, jwk => jwk["e"] = "Ag"));
        AssertIgnored(Changed(Rsa, jwk => jwk["e"] = "AQAAAAE"));
        AssertIgnored(Changed(Rsa, jwk => jwk["n"] = jwk["n"]!.GetValue<string>() + "="));
        AssertIgnored(Changed(Rsa, jwk => jwk["n"] = "AAAA"));
        AssertIgnored(Changed(Rsa, jwk => jwk.Remove("n")));
        AssertIgnored(Changed(Rsa, jwk => jwk["n"] = new string('_', 16384 / 6)));
    }

    [Fact]
    public void Elliptic_curve_key_must_be_a_point_of_its_curve()
    {
        var key = IssuerKey.Create("k");
        AssertIgnored(Changed(key, jwk => jwk["x"] = jwk["y"]!.GetValue<string>()));
        AssertIgnored(Changed(key, jwk => jwk["crv"] = "P-384"));
        AssertIgnored(Changed(key, jwk => jwk["crv"] = "secp256k1"));
        AssertIgnored(Changed(key, jwk => jwk["alg"] = "ES384"));
        AssertIgnored(Changed(key, jwk => jwk["x"] = "AAAA"));
        AssertIgnored(Changed(key, jwk => jwk.Remove("y")));
    }

    [Fact]
    public void Two_keys_of_one_kid_are_both_passed_over()
    {
        var set = Parse(Rsa.PublicJwk(), IssuerKey.Create("k").PublicJwk(), Good.PublicJwk());

        Assert.Null(set.Find("k"));
        Assert.NotNull(set.Find("good"));
    }

    [Theory]
    [InlineData("RS256", "RS256")]
    [InlineData("ES384", "ES384")]
    public void Key_without_algorithm_is_for_the_one_of_its_type(string created, string expected)
    {
        var set = Parse(Changed(IssuerKey.Create("k", created), jwk => jwk.Remove("alg")));

        Assert.Equal(expected, set.Find("k")!.Algorithm.Name);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"keys\":{}}")]
    [InlineData("{\"keys\":[]}")]
    [InlineData("{\"keys\":[1,null,\"x\",[]]}")]
    [InlineData("{\"keys\":[],\"keys\":[]}")]
    [InlineData("not json")]
    public void Document_without_a_usable_key_is_no_key_set(string json) =>
        Assert.Throws<InvalidDataException>(() => JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Set_of_unreasonable_size_is_no_key_set() =>
        Assert.Throws<InvalidDataException>(() => Parse([.. Enumerable.Repeat(Good, 65).Select(key => key.PublicJwk())]));

    private static JsonObject Changed(IssuerKey key, Action<JsonObject> change)
    {
        var jwk = key.PublicJwk();
        change(jwk);
        return jwk;
    }

    private static void AssertIgnored(JsonObject jwk)
    {
        var set = Parse(jwk, Good.PublicJwk());
        Assert.Equal(1, set.Count);
        Assert.NotNull(set.Find("good"));
    }

    private static JsonWebKeySet Parse(params JsonObject[] keys) =>
        JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = new JsonArray([.. keys]) }.ToJsonString()));
}
