using System.Text;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Tests.Jose;

/// <summary>No input makes the readers throw. The inputs are the same in every run.</summary>
public sealed class JoseFuzzTests
{
    private static readonly string[] Words =
        ["{", "}", "[", "]", "\"", ",", ":", "null", "1e999", "-0", "\\u0000", "\\ud800", "\\", "\u00e9", ".", "=", " ", "\n", "\"alg\":", "\"kty\":", "\"jwk\":", "{}", "[]", "\"\""];

    /// <summary>Enough to find a slip, few enough to run with every build; the long run is the fuzzers'.</summary>
    private const int Rounds = 1000;

    private uint _state = 2463534242;

    [Fact]
    public void Altered_headers_and_payloads_never_throw()
    {
        var credential = TestCredentials.Es256;
        var keys = new JsonWebKeySet([credential.PublicJwk]);
        const string Header = """{"alg":"ES256","typ":"JWT","kid":"k","jwk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}}""";
        const string Payload = """{"iss":"a","sub":"b","aud":["c"],"exp":1700000000,"nbf":1.5,"iat":0,"jti":"d","x":{"y":[{}]}}""";
        for (var round = 0; round < Rounds; round++)
        {
            var token = TestTokens.Sign(credential, Alter(Header), Alter(Payload));

            JwtReader.Read(token, keys, TestTokens.AnyType);
            JwtReader.ReadWithEmbeddedKey(token, TestTokens.AnyType);
            JwtPeek.Find(token);
        }
    }

    [Fact]
    public void Altered_tokens_never_throw_and_are_never_accepted()
    {
        var credential = TestCredentials.Es256;
        var keys = new JsonWebKeySet([credential.PublicJwk]);
        var token = JwtWriter.Write(credential, "JWT", """{"sub":"alice"}"""u8);
        for (var round = 0; round < Rounds; round++)
        {
            var altered = Alter(token);

            Assert.Equal(string.Equals(altered, token, StringComparison.Ordinal), JwtReader.Read(altered, keys, TestTokens.AnyType).Succeeded);
        }
    }

    [Theory]
    [InlineData(RfcExamples.RsaKey)]
    [InlineData(RfcExamples.P256Key)]
    [InlineData(RfcExamples.PublicKeys)]
    public void Altered_keys_never_throw(string json)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var altered = Encoding.UTF8.GetBytes(Alter(json));

            Assert.Equal(JsonWebKey.TryParse(altered, out var key, out var reason), reason is null);
            Assert.NotEqual(key is null, reason is null);
            Assert.Equal(JsonWebKeySet.TryParse(altered, strict: true, out _, out reason), reason is null);
            Assert.Equal(JsonWebKeySet.TryParse(altered, strict: false, out var set, out reason), reason is null);
            foreach (var usable in set?.Keys ?? [])
            {
                Assert.DoesNotContain(SigningAlgorithm.All, algorithm => usable.Verify(algorithm, "data"u8, new byte[usable.Modulus.Length]));
            }
        }
    }

    private string Alter(string text)
    {
        for (var times = Next(4); times > 0 && text.Length > 2; times--)
        {
            var at = Next(text.Length - 1);
            var length = 1 + Next(Math.Min(12, text.Length - at - 1));
            text = Next(4) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, Words[Next(Words.Length)]),
                2 => text.Insert(Next(text.Length), text.Substring(at, length)),
                _ => text.Remove(at, 1).Insert(at, ((char)(' ' + Next(95))).ToString()),
            };
        }

        return text;
    }

    // xorshift32: repeatable, and the platform's Random is banned here for good reasons elsewhere.
    private int Next(int below)
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return (int)(_state % (uint)below);
    }
}
