using System.Text.Json;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Tests.Jose;

public sealed class JwtRoundTripTests
{
    public static TheoryData<string> Algorithms => [.. SigningAlgorithm.All.Select(algorithm => algorithm.Name)];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void What_is_written_is_read_back(string name)
    {
        var algorithm = SigningAlgorithm.Find(name)!;
        var credential = TestCredentials.For(algorithm.Name);

        var token = JwtWriter.Write(credential, "at+jwt", "alice", static (json, subject) =>
        {
            json.WriteString("sub"u8, subject);
            json.WriteNumber("exp"u8, 1_700_000_000);
            json.WriteString("name"u8, "Zoë <\"&'>");
        });
        var read = JwtReader.Read(token, new JsonWebKeySet([credential.PublicJwk]), new JwtReadRules([algorithm], ["at+jwt"]));

        Assert.Null(read.Reason);
        Assert.Equal("alice", read.Jwt!.Subject);
        Assert.Equal("Zoë <\"&'>", read.Jwt.GetString("name"));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), read.Jwt.ExpiresAt);
        Assert.Equal(credential.KeyId, read.Jwt.KeyId);
        Assert.Equal(credential.PublicJwk.Thumbprint, read.Jwt.KeyId);
        Assert.Equal("alg typ kid", string.Join(' ', read.Jwt.Header.EnumerateObject().Select(member => member.Name)));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void An_exported_key_signs_under_the_same_kid(string name)
    {
        var algorithm = SigningAlgorithm.Find(name)!;
        var credential = TestCredentials.For(algorithm.Name);
        using var again = SigningCredential.ImportPkcs8(algorithm, credential.ExportPkcs8());

        var data = "data"u8;

        Assert.Equal(credential.KeyId, again.KeyId);
        Assert.True(credential.PublicJwk.Verify(algorithm, data, again.Sign(data)));
    }

    [Fact]
    public void A_writer_inside_a_writer_does_not_mix_the_two()
    {
        var credential = TestCredentials.Es256;

        var outer = JwtWriter.Write(credential, "JWT", credential, static (json, inner) =>
        {
            json.WriteString("sub"u8, "outer");
            json.WriteString("inner"u8, JwtWriter.Write(inner, "JWT", 0, static (json, _) => json.WriteString("sub"u8, "inner")));
        });
        var rules = new JwtReadRules([SigningAlgorithm.ES256], ["JWT"]);
        var keys = new JsonWebKeySet([credential.PublicJwk]);
        var read = JwtReader.Read(outer, keys, rules);

        Assert.Equal("outer", read.Jwt!.Subject);
        Assert.Equal("inner", JwtReader.Read(read.Jwt.GetString("inner")!, keys, rules).Jwt!.Subject);
    }

    [Fact]
    public void A_callback_that_throws_leaves_nothing_for_the_next_token()
    {
        var credential = TestCredentials.Es256;

        Assert.Throws<InvalidOperationException>(() => JwtWriter.Write(credential, "JWT", 0, static (json, _) =>
        {
            json.WriteString("sub"u8, "half");
            throw new InvalidOperationException();
        }));
        var token = JwtWriter.Write(credential, "JWT", 0, static (json, _) => json.WriteString("iss"u8, "us"));
        var read = JwtReader.Read(token, new JsonWebKeySet([credential.PublicJwk]), new JwtReadRules([SigningAlgorithm.ES256], ["JWT"]));

        Assert.Equal("""{"iss":"us"}""", JsonSerializer.Serialize(read.Jwt!.Payload));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public void Writing_allocates_little_more_than_the_token(string name)
    {
        var credential = TestCredentials.For(name);
        var length = Write(credential).Length; // the buffers of this thread are made
        const int Rounds = 50;

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            Write(credential);
        }

        var perToken = (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
        Assert.InRange(perToken, 2 * length, (2 * length) + 512); // the platform's ECDSA takes some 200

        static string Write(SigningCredential credential) => JwtWriter.Write(credential, "at+jwt", "alice", static (json, subject) =>
        {
            json.WriteString("sub"u8, subject);
            json.WriteString("scope"u8, "openid profile email address phone offline_access orders.read orders.write");
            json.WriteNumber("exp"u8, 1_700_000_000);
        });
    }
}
