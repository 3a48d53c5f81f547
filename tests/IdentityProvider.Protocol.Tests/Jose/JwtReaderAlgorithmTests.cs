using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Tests.Jose;

/// <summary>Which algorithm, which key, which kind of token: never the header's word (RFC 8725 §3.1, §3.11).</summary>
public sealed class JwtReaderAlgorithmTests
{
    private const string Payload = """{"sub":"alice"}""";

    public static TheoryData<string, string> ConfusedSecrets
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var algorithm in (string[])["HS256", "HS384", "HS512", "hs256"])
            {
                foreach (var secret in (string[])["pem", "der", "pkcs1", "jwk", "modulus", "modulus text", "empty"])
                {
                    data.Add(algorithm, secret);
                }
            }

            return data;
        }
    }

    [Theory]
    [Case(139)]
    [MemberData(nameof(ConfusedSecrets))]
    public void Hmac_keyed_with_the_public_key_is_refused(string name, string secret)
    {
        var credential = TestCredentials.Rs256;
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(credential.ExportPkcs8(), out _);
        var key = secret switch
        {
            "pem" => Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()),
            "der" => rsa.ExportSubjectPublicKeyInfo(),
            "pkcs1" => rsa.ExportRSAPublicKey(),
            "jwk" => Encoding.UTF8.GetBytes(Write(credential.PublicJwk)),
            "modulus" => credential.PublicJwk.Modulus.ToArray(),
            "modulus text" => Base64Url.EncodeToUtf8(credential.PublicJwk.Modulus.Span),
            _ => [],
        };
        var input = $"{TestTokens.Encode($$"""{"alg":"{{name}}","kid":"{{credential.KeyId}}"}""")}.{TestTokens.Encode(Payload)}";
        var bytes = Encoding.ASCII.GetBytes(input);
        var mac = name[2..] switch { "384" => HMACSHA384.HashData(key, bytes), "512" => HMACSHA512.HashData(key, bytes), _ => HMACSHA256.HashData(key, bytes) };

        var read = JwtReader.Read($"{input}.{Base64Url.EncodeToString(mac)}", new JsonWebKeySet([credential.PublicJwk]), TestTokens.AnyType);

        Assert.Equal(JwtRefusal.NotAccepted, read.Refusal);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("nOnE")]
    [InlineData("none ")]
    [InlineData("rs256")]
    [InlineData("RS256 ")]
    [InlineData("RS1")]
    [InlineData("ES256K")]
    [Clause("RFC 8725", "3.2", "JWT libraries SHOULD NOT generate JWTs using \"none\" unless explicitly requested to do so by the caller.")]
    public void Algorithm_outside_the_closed_list_is_refused(string name)
    {
        var credential = TestCredentials.Rs256;
        var keys = new JsonWebKeySet([credential.PublicJwk]);

        Assert.Null(SigningAlgorithm.Find(name));
        Assert.Equal(JwtRefusal.NotAccepted, JwtReader.Read(TestTokens.Sign(credential, $$"""{"alg":"{{name}}"}""", Payload), keys, TestTokens.AnyType).Refusal);
    }

    [Theory]
    [Case(157)]
    [InlineData("EdDSA")]
    [InlineData("Ed25519")]
    [InlineData("ML-DSA-44")]
    public void Algorithms_we_do_not_have_are_refused_by_name_and_their_keys_are_not_taken(string name)
    {
        var credential = TestCredentials.Es256;
        var read = JwtReader.Read(
            TestTokens.Sign(credential, $$"""{"alg":"{{name}}"}""", Payload), new JsonWebKeySet([credential.PublicJwk]), TestTokens.AnyType);

        Assert.Equal(JwtRefusal.NotAccepted, read.Refusal);
        Assert.NotNull(TestTokens.WhyNotAKey("""{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"""));
        Assert.NotNull(TestTokens.WhyNotAKey("""{"kty":"AKP","alg":"ML-DSA-44","pub":"AAAA"}"""));
    }

    [Fact]
    [Case(140)]
    public void Algorithm_not_in_the_callers_list_is_refused_though_the_signature_is_right()
    {
        var credential = TestCredentials.Rs256;
        var token = TestTokens.Sign(credential, """{"alg":"RS256"}""", Payload);
        var keys = new JsonWebKeySet([credential.PublicJwk]);

        Assert.Equal(JwtRefusal.NotAccepted, JwtReader.Read(token, keys, TestTokens.AnyType with { Algorithms = [SigningAlgorithm.PS256] }).Refusal);
        Assert.Equal(JwtRefusal.NotAccepted, JwtReader.Read(token, keys, TestTokens.AnyType with { Algorithms = [] }).Refusal);
    }

    [Theory]
    [Case(140)]
    [InlineData("RS256", "PS256")]
    [InlineData("PS256", "RS256")]
    [InlineData("RS256", "RS512")]
    [InlineData("RS256", "ES256")]
    [InlineData("ES256", "RS256")]
    [InlineData("ES256", "ES384")]
    [InlineData("ES384", "ES256")]
    public void Header_that_names_another_algorithm_than_the_keys_is_refused(string signedWith, string said)
    {
        var credential = TestCredentials.For(signedWith);
        var token = TestTokens.Sign(credential, $$"""{"alg":"{{said}}","kid":"{{credential.KeyId}}"}""", Payload);

        Assert.Equal(JwtRefusal.BadSignature, JwtReader.Read(token, new JsonWebKeySet([credential.PublicJwk]), TestTokens.AnyType).Refusal);
    }

    [Fact]
    [Case(140)]
    public void Ps256_signature_by_a_key_registered_for_rs256_is_refused_and_without_alg_accepted()
    {
        using var signer = SigningCredential.ImportJwk(SigningAlgorithm.PS256, TestTokens.ParseKey(RfcExamples.CookbookRsaKey));
        var token = TestTokens.Sign(signer, """{"alg":"PS256"}""", Payload);
        var plain = Write(signer.PublicJwk).Replace(",\"alg\":\"PS256\"", "", StringComparison.Ordinal);
        var labelled = plain.Replace("\"use\"", "\"alg\":\"RS256\",\"use\"", StringComparison.Ordinal);

        Assert.Equal(JwtRefusal.UnknownKey, JwtReader.Read(token, new JsonWebKeySet([TestTokens.ParseKey(labelled)]), TestTokens.AnyType).Refusal);
        Assert.Null(JwtReader.Read(token, new JsonWebKeySet([TestTokens.ParseKey(plain)]), TestTokens.AnyType).Reason);
    }

    [Theory]
    [Case(140)]
    [InlineData("\"use\":\"enc\"")]
    [InlineData("\"use\":\"other\"")]
    [InlineData("\"key_ops\":[\"encrypt\"]")]
    [InlineData("\"key_ops\":[\"sign\"]")]
    [InlineData("\"key_ops\":[]")]
    [Clause("RFC 7517", "4.2", "The \"use\" (public key use) parameter identifies the intended use of the public key.")]
    public void Key_for_another_use_verifies_nothing(string member)
    {
        var credential = TestCredentials.Es256;
        var key = TestTokens.ParseKey(Write(credential.PublicJwk).Replace("\"use\":\"sig\"", member, StringComparison.Ordinal));
        var token = JwtWriter.Write(credential, "JWT", "{}"u8);

        Assert.False(key.MayVerify(SigningAlgorithm.ES256));
        Assert.Equal(JwtRefusal.BadSignature, JwtReader.Read(token, new JsonWebKeySet([key]), TestTokens.AnyType).Refusal);
    }

    [Theory]
    [Case(148)]
    [Clause("RFC 8725", "3.11", "Explicit typing")]
    [InlineData("JWT", false)]
    [InlineData("logout+jwt", false)]
    [InlineData("dpop+jwt", false)]
    [InlineData("oauth-authz-req+jwt", false)]
    [InlineData("at+jwt ", false)]
    [InlineData("application/at+jwt;x=y", false)]
    [InlineData("application/application/at+jwt", false)]
    [InlineData("text/at+jwt", false)]
    [InlineData("at+jwt", true)]
    [InlineData("AT+JWT", true)]
    [InlineData("application/at+jwt", true)]
    [InlineData("Application/AT+jwt", true)]
    public void Token_of_another_type_is_refused(string type, bool accepted)
    {
        var credential = TestCredentials.Es256;
        var read = JwtReader.Read(
            TestTokens.Sign(credential, $$"""{"alg":"ES256","typ":"{{type}}"}""", Payload),
            new JsonWebKeySet([credential.PublicJwk]),
            new JwtReadRules([SigningAlgorithm.ES256], ["at+jwt"]));

        Assert.Equal(accepted, read.Succeeded);
        Assert.Equal(accepted ? null : JwtRefusal.NotAccepted, read.Refusal);
    }

    [Fact]
    [Case(148)]
    public void Token_without_a_type_is_refused_unless_the_caller_allows_it()
    {
        var credential = TestCredentials.Es256;
        var token = TestTokens.Sign(credential, """{"alg":"ES256"}""", Payload);
        var keys = new JsonWebKeySet([credential.PublicJwk]);
        var rules = new JwtReadRules([SigningAlgorithm.ES256], ["at+jwt"]);

        Assert.Equal(JwtRefusal.NotAccepted, JwtReader.Read(token, keys, rules).Refusal);
        Assert.Null(JwtReader.Read(token, keys, rules with { AllowsMissingType = true }).Reason);
    }

    [Fact]
    public void Key_is_found_by_kid_and_only_by_kid()
    {
        using var one = SigningCredential.Create(SigningAlgorithm.ES256, "one");
        using var two = SigningCredential.Create(SigningAlgorithm.ES256, "two");
        var keys = new JsonWebKeySet([one.PublicJwk, two.PublicJwk]);

        Assert.Equal("two", JwtReader.Read(JwtWriter.Write(two, "JWT", "{}"u8), keys, TestTokens.AnyType).Jwt!.Key.KeyId);
        Assert.Equal(JwtRefusal.BadSignature, Read("""{"alg":"ES256","kid":"one"}""").Refusal);
        Assert.Equal(JwtRefusal.UnknownKey, Read("""{"alg":"ES256","kid":"three"}""").Refusal);
        Assert.Equal(JwtRefusal.UnknownKey, Read("""{"alg":"ES256","kid":"TWO"}""").Refusal);
        Assert.Equal(JwtRefusal.UnknownKey, Read("""{"alg":"ES256"}""").Refusal);

        JwtReadResult Read(string header) => JwtReader.Read(TestTokens.Sign(two, header, Payload), keys, TestTokens.AnyType);
    }

    [Fact]
    public void Without_kid_the_only_key_that_fits_the_algorithm_is_taken()
    {
        var rsa = TestCredentials.Rs256;
        var ec = TestCredentials.Es256;
        var keys = new JsonWebKeySet([rsa.PublicJwk, ec.PublicJwk]);

        Assert.Null(JwtReader.Read(TestTokens.Sign(ec, """{"alg":"ES256"}""", Payload), keys, TestTokens.AnyType).Reason);
        Assert.Null(JwtReader.Read(TestTokens.Sign(rsa, """{"alg":"RS256"}""", Payload), keys, TestTokens.AnyType).Reason);
        Assert.Equal(JwtRefusal.UnknownKey, JwtReader.Read(TestTokens.Sign(rsa, """{"alg":"PS256"}""", Payload), keys, TestTokens.AnyType).Refusal);
    }

    [Fact]
    public void Token_altered_in_any_part_is_refused()
    {
        var credential = TestCredentials.Rs256;
        using var other = SigningCredential.ImportJwk(SigningAlgorithm.RS256, TestTokens.ParseKey(RfcExamples.CookbookRsaKey));
        var keys = new JsonWebKeySet([credential.PublicJwk]);
        var parts = TestTokens.Sign(credential, """{"alg":"RS256"}""", Payload).Split('.');

        Assert.Equal(JwtRefusal.BadSignature, Read($"{TestTokens.Encode("""{"alg":"RS256","x":1}""")}.{parts[1]}.{parts[2]}"));
        Assert.Equal(JwtRefusal.BadSignature, Read($"{parts[0]}.{TestTokens.Encode("""{"sub":"admin"}""")}.{parts[2]}"));
        Assert.Equal(JwtRefusal.BadSignature, Read($"{parts[0]}.{parts[1]}.{parts[2][4..]}"));
        Assert.Equal(JwtRefusal.BadSignature, Read($"{parts[0]}.{parts[1]}.AAAA{parts[2]}"));
        Assert.Equal(JwtRefusal.BadSignature, Read($"{parts[0]}.{parts[1]}.{new string('A', 8000)}"));
        Assert.Equal(JwtRefusal.BadSignature, Read(TestTokens.Sign(other, """{"alg":"RS256"}""", Payload)));

        JwtRefusal? Read(string token) => JwtReader.Read(token, keys, TestTokens.AnyType).Refusal;
    }

    internal static string Write(JsonWebKey key)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            key.WritePublicTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
