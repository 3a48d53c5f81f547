using System.Security.Cryptography;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Tests.Jose;

public sealed class SigningCredentialTests
{
    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task One_credential_signs_and_one_key_verifies_from_many_threads(string name)
    {
        var algorithm = SigningAlgorithm.Find(name)!;
        var credential = TestCredentials.For(algorithm.Name);
        var keys = new JsonWebKeySet([credential.PublicJwk]);
        var rules = new JwtReadRules([algorithm], ["JWT"]);

        var read = await Task.WhenAll(Enumerable.Range(0, 16).Select(worker => Task.Run(() =>
            Enumerable.Range(0, 25).All(round =>
            {
                var subject = $"{worker}-{round}";
                var token = JwtWriter.Write(credential, "JWT", subject, static (json, subject) => json.WriteString("sub"u8, subject));
                return string.Equals(JwtReader.Read(token, keys, rules).Jwt?.Subject, subject, StringComparison.Ordinal);
            }))));

        Assert.DoesNotContain(false, read);
    }

    [Fact]
    public void Key_id_may_be_given()
    {
        using var credential = SigningCredential.Create(SigningAlgorithm.ES256, "mine");

        Assert.Equal("mine", credential.PublicJwk.KeyId);
    }

    [Fact]
    public void Rsa_key_has_2048_bits_unless_more_are_asked_for()
    {
        using var small = SigningCredential.Create(SigningAlgorithm.RS256);
        using var large = SigningCredential.Create(SigningAlgorithm.PS256, rsaBits: 2176);

        Assert.Equal(256, small.Sign("data"u8).Length);
        Assert.Equal(272, large.Sign("data"u8).Length);
    }

    [Fact]
    [Case(163)]
    public void Weak_or_unfitting_key_is_not_taken_up()
    {
        using var weak = RSA.Create(1024);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Assert.Throws<ArgumentOutOfRangeException>(() => SigningCredential.Create(SigningAlgorithm.RS256, rsaBits: 1024));
        Assert.Throws<CryptographicException>(() => SigningCredential.ImportPkcs8(SigningAlgorithm.RS256, weak.ExportPkcs8PrivateKey()));
        Assert.Throws<CryptographicException>(() => SigningCredential.ImportPkcs8(SigningAlgorithm.ES256, other.ExportPkcs8PrivateKey()));
        Assert.Throws<CryptographicException>(() => SigningCredential.ImportPkcs8(SigningAlgorithm.RS256, other.ExportPkcs8PrivateKey()));
        Assert.Throws<CryptographicException>(() => SigningCredential.ImportPkcs8(SigningAlgorithm.RS256, "garbage"u8));
    }

    [Fact]
    public void Private_jwk_whose_halves_do_not_belong_together_is_not_taken_up()
    {
        var mixed = RfcExamples.P256Key.Replace("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI", "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE", StringComparison.Ordinal);

        Assert.ThrowsAny<CryptographicException>(() => SigningCredential.ImportJwk(SigningAlgorithm.ES256, TestTokens.ParseKey(mixed)));
    }

    [Fact]
    public void Public_jwk_is_not_taken_up()
    {
        var credential = TestCredentials.Es256;

        Assert.Throws<CryptographicException>(() => SigningCredential.ImportJwk(SigningAlgorithm.ES256, credential.PublicJwk));
        Assert.False(credential.PublicJwk.HasPrivateKey);
    }

    [Theory]
    [Clause("OIDC Core", "3.1.3.6", "at_hash: base64url encoding of the left-most half of the hash of the octets of the ASCII representation of the access_token value.")]
    [InlineData("RS256", "77QmUPtjPfzWtF2AnpK9RQ")] // OIDC Core §A.3
    public void Left_half_hash_is_that_of_the_specification(string name, string expected) =>
        Assert.Equal(expected, SigningAlgorithm.Find(name)!.LeftHalfHash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"));
}
