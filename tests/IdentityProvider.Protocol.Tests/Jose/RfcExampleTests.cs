using System.Buffers;
using System.Text;
using System.Text.Json;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Tests.Jose;

/// <summary>
/// The RFCs' own examples. RFC 7518 has no signature example (its appendices B and C are encryption and key agreement), and those of
/// RFC 7520 §4.4 to §4.8 are HMAC, detached or JSON-serialized, which we do not read.
/// </summary>
public sealed class RfcExampleTests
{
    [Theory]
    [Clause("RFC 7515", "A.2", "Example JWS Using RSASSA-PKCS1-v1_5 SHA-256")]
    [Clause("RFC 7515", "A.3", "Example JWS Using ECDSA P-256 SHA-256")]
    [InlineData("RS256", RfcExamples.RsaToken, RfcExamples.RsaKey)]
    [InlineData("ES256", RfcExamples.P256Token, RfcExamples.P256Key)]
    public void Example_jwt_is_read(string name, string token, string key)
    {
        var rules = new JwtReadRules([SigningAlgorithm.Find(name)!], []) { AllowsMissingType = true };

        var read = JwtReader.Read(token, new JsonWebKeySet([TestTokens.ParseKey(key)]), rules);

        Assert.Null(read.Reason);
        Assert.Equal("joe", read.Jwt!.Issuer);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1300819380), read.Jwt.ExpiresAt);
        Assert.True(read.Jwt.Payload.GetProperty("http://example.com/is_root").GetBoolean());
    }

    [Theory]
    [Clause("RFC 7515", "A.4", "Example JWS Using ECDSA P-521 SHA-512")]
    [Clause("RFC 7520", "4.1", "RSA v1.5 Signature")]
    [Clause("RFC 7520", "4.2", "RSA-PSS Signature")]
    [Clause("RFC 7520", "4.3", "ECDSA Signature")]
    [InlineData("ES512", RfcExamples.P521Token, RfcExamples.P521Key)]
    [InlineData("RS256", RfcExamples.CookbookRs256Token, RfcExamples.CookbookRsaKey)]
    [InlineData("PS384", RfcExamples.CookbookPs384Token, RfcExamples.CookbookRsaKey)]
    [InlineData("ES512", RfcExamples.CookbookEs512Token, RfcExamples.CookbookEcKey)]
    public void Example_signature_over_other_than_json_verifies_but_is_no_jwt(string name, string token, string key)
    {
        var rules = new JwtReadRules([SigningAlgorithm.Find(name)!], []) { AllowsMissingType = true };
        var keys = new JsonWebKeySet([TestTokens.ParseKey(key)]);

        Assert.True(TestTokens.VerifiesAsJws(token, keys, rules));
        Assert.Equal(JwtRefusal.Malformed, JwtReader.Read(token, keys, rules).Refusal);
    }

    [Theory]
    [InlineData(RfcExamples.RsaToken, RfcExamples.RsaKey)]
    [InlineData(RfcExamples.CookbookRs256Token, RfcExamples.CookbookRsaKey)]
    public void Signing_the_example_again_gives_the_same_signature(string token, string key)
    {
        using var credential = SigningCredential.ImportJwk(SigningAlgorithm.RS256, TestTokens.ParseKey(key));
        var input = token[..token.LastIndexOf('.')];

        Assert.Equal(token, $"{input}.{System.Buffers.Text.Base64Url.EncodeToString(credential.Sign(Encoding.ASCII.GetBytes(input)))}");
    }

    [Theory]
    [Clause("RFC 7518", "3.6", "Implementations MUST NOT accept Unsecured JWSs by default.")]
    [InlineData(RfcExamples.UnsecuredToken)]
    [InlineData(RfcExamples.HmacToken)]
    public void Examples_without_a_public_key_signature_are_refused(string token)
    {
        var keys = new JsonWebKeySet([TestTokens.ParseKey(RfcExamples.RsaKey)]);

        Assert.False(JwtReader.Read(token, keys, TestTokens.AnyType).Succeeded);
    }

    [Fact]
    [Clause("RFC 7517", "A.1", "Example Public Keys")]
    public void Example_public_keys_are_read_and_written_back()
    {
        Assert.True(JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes(RfcExamples.PublicKeys), strict: true, out var set, out var reason), reason);

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            set.WritePublicTo(writer);
        }

        using var written = JsonDocument.Parse(buffer.WrittenMemory);
        using var original = JsonDocument.Parse(RfcExamples.PublicKeys);
        Assert.True(JsonElement.DeepEquals(original.RootElement, written.RootElement));
        Assert.False(set.Keys[0].MayVerify(SigningAlgorithm.ES256)); // use=enc
        Assert.True(set.Keys[1].MayVerify(SigningAlgorithm.RS256));
        Assert.False(set.Keys[1].MayVerify(SigningAlgorithm.PS256)); // alg=RS256
    }

    [Fact]
    [Clause("RFC 7517", "A.2", "Example Private Keys")]
    public void Example_private_keys_are_read_one_by_one_but_not_as_a_set_of_public_keys()
    {
        Assert.False(JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes(RfcExamples.PrivateKeys), strict: true, out _, out var reason));
        Assert.Contains("private key", reason, StringComparison.Ordinal);

        using var document = JsonDocument.Parse(RfcExamples.PrivateKeys);
        foreach (var element in document.RootElement.GetProperty("keys").EnumerateArray())
        {
            Assert.True(JsonWebKey.TryParse(element, out var key, out reason), reason);
            Assert.True(key.HasPrivateKey);
        }
    }

    [Fact]
    [Clause("RFC 7517", "A.3", "Example Symmetric Keys")]
    public void Example_symmetric_keys_are_refused()
    {
        Assert.False(JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes(RfcExamples.SymmetricKeys), strict: true, out _, out _));
        Assert.True(JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes(RfcExamples.SymmetricKeys), strict: false, out var set, out _));
        Assert.Empty(set.Keys);
    }

    [Fact]
    [Clause("RFC 7638", "3.1", "Example JWK Thumbprint Computation")]
    public void Example_thumbprint() =>
        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", TestTokens.ParseKey(RfcExamples.ThumbprintKey).Thumbprint);
}
