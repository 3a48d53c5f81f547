using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Token;

namespace IdentityProvider.Protocol.Tests.Tokens;

/// <summary>What an ID token says: OIDC Core §2 and §3.1.3.6.</summary>
public sealed class IdTokenTests : IDisposable
{
    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    private async Task<TokenResponse> TokensAsync(params (string Name, string? Value)[] changes) =>
        (await _engine.RedeemAsync(await _engine.GetCodeAsync(changes))).Value!;

    [Fact]
    [Clause("OIDC Core", "2", "iss, sub, aud, exp, iat: REQUIRED; auth_time, nonce, acr, amr")]
    [Clause("OIDC Core", "3.1.3.6", "at_hash: the base64url encoding of the left-most half of the hash of the octets of the ASCII representation of the access_token value")]
    public async Task It_says_this_and_nothing_else()
    {
        _engine.Session = _engine.Session with { Acr = "1" };
        var signedInAt = _engine.Clock.GetUtcNow().ToUnixTimeSeconds();
        _engine.Clock.Advance(TimeSpan.FromSeconds(90));
        var now = _engine.Clock.GetUtcNow().ToUnixTimeSeconds();
        var tokens = await TokensAsync();

        var accessTokenHash = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(tokens.AccessToken)).AsSpan(0, 16));
        var expected = $$"""
            {"iss":"https://id.example","sub":"alice","aud":"app","iat":{{now}},"exp":{{now + 600}},"nonce":"n-0S6_WzA2Mj",
            "auth_time":{{signedInAt}},"acr":"1","amr":["pwd"],"sid":"{{_engine.Session.Id:N}}","at_hash":"{{accessTokenHash}}"}
            """;
        Assert.Equal(expected.ReplaceLineEndings(string.Empty), Engine.Payload(tokens.IdToken!).GetRawText());
        var header = JsonDocument.Parse(Base64Url.DecodeFromChars(tokens.IdToken!.Split('.')[0])).RootElement;
        Assert.Equal("JWT RS256", $"{header.GetProperty("typ")} {header.GetProperty("alg")}");
    }

    [Theory]
    [Clause("OIDC Core", "2", "If present in the Authentication Request, Authorization Servers MUST include a nonce Claim in the ID Token with the Claim Value being the nonce value sent in the Authentication Request.")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("n")]
    [InlineData("with \"quotes\" & <tags> äöü€😀")]
    public async Task Nonce_comes_back_as_it_was_sent_or_not_at_all(string? nonce)
    {
        var payload = Engine.Payload((await TokensAsync(("nonce", nonce))).IdToken!);

        Assert.Equal(string.IsNullOrEmpty(nonce) ? null : nonce, payload.TryGetProperty("nonce", out var value) ? value.GetString() : null);
    }

    [Theory]
    [Clause("OIDC Core", "3.1.2.1", "nonce: ... The value is passed through unmodified from the Authentication Request to the ID Token.")]
    [InlineData(384, Outcomes.Code)]
    [InlineData(1024, Outcomes.Code)]
    [InlineData(1025, "invalid_request")]
    public async Task Long_nonce_is_kept_whole_or_refused(int length, string expected)
    {
        var nonce = new string('n', length);

        Assert.Equal(expected, await _engine.AuthorizeAsync(("nonce", nonce)).WordAsync());
        if (expected == Outcomes.Code)
        {
            Assert.Equal(nonce, Engine.Payload((await TokensAsync(("nonce", nonce))).IdToken!).GetProperty("nonce").GetString());
        }
    }

    [Fact]
    [Clause("OIDC Core", "3.1.2.1", "OpenID Connect requests MUST contain the openid scope value.")]
    public async Task Without_openid_there_is_none() => Assert.Null((await TokensAsync(("scope", "orders.read"))).IdToken);

    [Theory]
    [Clause("OIDC Registration", "2", "id_token_signed_response_alg: ... The default, if omitted, is RS256.")]
    [InlineData(null, "RS256")]
    [InlineData("RS256", "RS256")]
    [InlineData("ES256", "ES256")]
    public async Task Algorithm_is_the_clients(string? registered, string algorithm)
    {
        _engine.Register(Engine.DefaultClient with { IdTokenSignedResponseAlg = registered });

        Assert.Equal(algorithm, JwtPeek.Find((await TokensAsync()).IdToken!)!.UnverifiedAlgorithm);
    }

    [Fact]
    public async Task Lifetime_is_that_of_id_tokens()
    {
        using var engine = new Engine(options => options.Tokens.IdTokenLifetime = TimeSpan.FromMinutes(2));
        var payload = Engine.Payload((await engine.RedeemAsync(await engine.GetCodeAsync())).Value!.IdToken!);

        Assert.Equal(120, payload.GetProperty("exp").GetInt64() - payload.GetProperty("iat").GetInt64());
    }
}
