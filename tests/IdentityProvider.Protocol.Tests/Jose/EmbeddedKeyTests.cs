using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Tests.Jose;

/// <summary>Proofs that carry their own key (RFC 9449 §4.2), and looking at a token without believing it.</summary>
public sealed class EmbeddedKeyTests
{
    private static readonly JwtReadRules Proof = new([SigningAlgorithm.ES256, SigningAlgorithm.RS256], ["dpop+jwt"]);

    [Fact]
    public void Proof_is_verified_with_the_key_it_carries()
    {
        var credential = TestCredentials.Es256;
        var key = JwtReaderAlgorithmTests.Write(credential.PublicJwk);

        var read = JwtReader.ReadWithEmbeddedKey(TestTokens.Sign(credential, $$"""{"typ":"dpop+jwt","alg":"ES256","jwk":{{key}}}""", """{"jti":"1"}"""), Proof);

        Assert.Null(read.Reason);
        Assert.Equal(credential.PublicJwk.Thumbprint, read.Jwt!.Key.Thumbprint);
    }

    [Fact]
    public void Proof_by_another_key_than_it_carries_is_refused()
    {
        var credential = TestCredentials.Es256;
        using var other = SigningCredential.Create(SigningAlgorithm.ES256);
        var key = JwtReaderAlgorithmTests.Write(other.PublicJwk);

        var read = JwtReader.ReadWithEmbeddedKey(TestTokens.Sign(credential, $$"""{"typ":"dpop+jwt","alg":"ES256","jwk":{{key}}}""", "{}"), Proof);

        Assert.Equal(JwtRefusal.BadSignature, read.Refusal);
    }

    [Theory]
    [InlineData("""{"typ":"dpop+jwt","alg":"ES256"}""")]
    [InlineData("""{"typ":"dpop+jwt","alg":"ES256","jwk":"x"}""")]
    [InlineData("""{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"oct","k":"AAAA"}}""")]
    [InlineData("""{"typ":"dpop+jwt","alg":"ES256","jwk":""" + RfcExamples.P256Key + "}")]
    [InlineData("""{"typ":"dpop+jwt","alg":"RS256","jwk":{"kty":"RSA","n":"AQ","e":"AQAB"}}""")]
    [Clause("RFC 9449", "4.3", "The jwk JOSE Header Parameter does not contain a private key.")]
    public void Proof_with_a_key_that_will_not_do_is_refused(string header)
    {
        using var credential = SigningCredential.ImportJwk(SigningAlgorithm.ES256, TestTokens.ParseKey(RfcExamples.P256Key));

        Assert.Equal(JwtRefusal.Malformed, JwtReader.ReadWithEmbeddedKey(TestTokens.Sign(credential, header, "{}"), Proof).Refusal);
    }

    [Fact]
    [Case(143)]
    [Case(148)]
    public void Key_inside_the_token_never_counts_where_keys_are_given()
    {
        var credential = TestCredentials.Es256;
        var key = JwtReaderAlgorithmTests.Write(credential.PublicJwk);
        var token = TestTokens.Sign(credential, $$"""{"typ":"dpop+jwt","alg":"ES256","jwk":{{key}}}""", "{}");

        Assert.Equal(JwtRefusal.Malformed, JwtReader.Read(token, new JsonWebKeySet([credential.PublicJwk]), Proof).Refusal);
    }

    [Fact]
    public void Peek_tells_what_the_token_says_and_no_more()
    {
        using var credential = SigningCredential.Create(SigningAlgorithm.ES256, "k1");
        var token = JwtWriter.Write(credential, "JWT", """{"iss":"client","sub":"client"}"""u8);
        var forged = token[..^8] + "AAAAAAAA";

        var peek = JwtPeek.Find(forged);

        Assert.NotNull(peek);
        Assert.Equal(
            ("ES256", "k1", "JWT", "client", "client"),
            (peek.UnverifiedAlgorithm, peek.UnverifiedKeyId, peek.UnverifiedType, peek.UnverifiedIssuer, peek.UnverifiedSubject));
        Assert.Null(JwtPeek.Find("a.b.c"));
        Assert.Null(JwtPeek.Find(token, maximumLength: token.Length - 1));
        Assert.Null(JwtPeek.Find(TestTokens.Sign(credential, """{"alg":"ES256"}""", """{"iss":"a","iss":"b"}""")));
    }
}
