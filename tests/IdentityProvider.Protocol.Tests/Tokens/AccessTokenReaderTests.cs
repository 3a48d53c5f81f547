using System.Text;
using System.Text.Json.Nodes;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Tests.Jose;
using IdentityProvider.Protocol.Token;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Tests.Tokens;

/// <summary>Our own access tokens, and everything that is none: RFC 9068 §4, RFC 8725 §3.</summary>
public sealed class AccessTokenReaderTests : IDisposable
{
    private readonly Engine _engine = new();

    private SigningCredential OurKey => _engine.Get<ISigningKeys>().GetSigner(SigningAlgorithm.ES256);

    public void Dispose() => _engine.Dispose();

    private AccessTokenClaims? Read(string token) => _engine.Get<AccessTokenReader>().Read(token);

    private async Task<TokenResponse> TokensAsync() => (await _engine.RedeemAsync(await _engine.GetCodeAsync())).Value!;

    /// <summary>A token as we would sign it, with claims replaced or (null) left out.</summary>
    private string Forge(string type, params (string Name, string? Json)[] changes)
    {
        var now = _engine.Clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = JsonNode.Parse($$$$"""
            {"iss":"https://id.example","sub":"alice","aud":"https://orders.example","client_id":"app","scope":"orders.read","iat":{{{{now}}}},
            "exp":{{{{now + 600}}}},"jti":"x","status":{"status_list":{"idx":1,"uri":"https://id.example/connect/statuslists/1"}}}
            """)!.AsObject();
        foreach (var (name, json) in changes)
        {
            claims.Remove(name);
            if (json is not null)
            {
                claims[name] = JsonNode.Parse(json);
            }
        }

        return JwtWriter.Write(OurKey, type, Encoding.UTF8.GetBytes(claims.ToJsonString()));
    }

    [Fact]
    public async Task What_was_written_is_read()
    {
        _engine.Session = _engine.Session with { Acr = "1" };
        var grant = (await TokensAsync(), _engine.Grants.Grants.Values.Single()).Item2;
        var token = (await _engine.RedeemAsync(await _engine.GetCodeAsync(("claims", """{"userinfo":{"name":null}}""")))).Value!;
        var read = Read(token.AccessToken)!;

        Assert.Equal(("alice", "app", "openid orders.read"), (read.Subject, read.ClientId, read.Scope.ToString()));
        Assert.Equal(["https://orders.example", Engine.Issuer], read.Audiences);
        Assert.Equal((_engine.Clock.GetUtcNow(), _engine.Clock.GetUtcNow().AddMinutes(10)), (read.IssuedAt, read.ExpiresAt));
        Assert.Equal((_engine.Session.Sid, "1", _engine.Session.AuthTime), (read.SessionId, read.Acr, read.AuthTime));
        Assert.Equal(["pwd"], read.Amr);
        Assert.Equal(["name"], read.UserInfoClaims);
        Assert.Equal(_engine.Grants.Grants[read.GrantId!.Value].Status, read.Status);
        Assert.NotEqual(grant.Id, read.GrantId);
    }

    [Fact]
    [Case(148)]
    [Clause("RFC 9068", "4", "The resource server MUST verify that the typ header value is at+jwt or application/at+jwt and reject tokens carrying any other value.")]
    public async Task Id_tokens_refresh_tokens_and_codes_are_none()
    {
        var code = await _engine.GetCodeAsync();
        var tokens = await TokensAsync();

        Assert.Null(Read(tokens.IdToken!));
        Assert.Null(Read(tokens.RefreshToken!));
        Assert.Null(Read(code));
        Assert.NotNull(Read(tokens.AccessToken));
    }

    [Theory]
    [InlineData("at+jwt", true)]
    [InlineData("application/at+jwt", true)]
    [InlineData("AT+JWT", true)]
    [InlineData("JWT", false)]
    [InlineData("logout+jwt", false)]
    [InlineData("statuslist+jwt", false)]
    public void Type_is_at_jwt(string type, bool accepted) => Assert.Equal(accepted, Read(Forge(type)) is not null);

    [Theory]
    [Clause("RFC 9068", "4", "The issuer identifier for the authorization server MUST exactly match the value of the iss claim.")]
    [InlineData("iss", null)]
    [InlineData("iss", "\"https://id.example/\"")]
    [InlineData("iss", "\"https://ID.example\"")]
    [InlineData("iss", "\"https://other.example\"")]
    [InlineData("sub", null)]
    [InlineData("sub", "\"\"")]
    [InlineData("client_id", null)]
    [InlineData("client_id", "5")]
    [InlineData("jti", null)]
    [InlineData("exp", null)]
    [InlineData("status", null)]
    [InlineData("status", "{}")]
    [InlineData("status", "5")]
    [InlineData("status", "{\"status_list\":5}")]
    [InlineData("status", "{\"status_list\":{\"idx\":\"1\",\"uri\":\"https://id.example/connect/statuslists/1\"}}")]
    [InlineData("status", "{\"status_list\":{\"idx\":1,\"uri\":5}}")]
    [InlineData("status", "{\"status_list\":{\"idx\":1,\"uri\":\"https://id.example/connect/statuslists/x\"}}")]
    [InlineData("status", "{\"status_list\":{\"idx\":-1,\"uri\":\"https://id.example/connect/statuslists/1\"}}")]
    public void Token_of_ours_that_lacks_something_is_none(string claim, string? json) => Assert.Null(Read(Forge("at+jwt", (claim, json))));

    [Fact]
    [Clause("RFC 9068", "4", "The current time MUST be before the time represented by the exp claim.")]
    public async Task It_ends_at_its_end_and_not_later()
    {
        var token = (await TokensAsync()).AccessToken;
        _engine.Clock.Advance(TimeSpan.FromSeconds(600) - TimeSpan.FromTicks(1));
        Assert.NotNull(Read(token));

        _engine.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(Read(token));
    }

    [Fact]
    [Clause("RFC 9068", "4", "The resource server MUST reject any JWT in which the value of alg is none. The resource server MUST use the keys provided by the authorization server.")]
    public void Foreign_keys_and_none_are_refused()
    {
        var parts = Forge("at+jwt").Split('.');
        using var foreign = SigningCredential.Create(SigningAlgorithm.ES256, OurKey.KeyId);
        var payload = System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]);

        Assert.NotNull(Read(string.Join('.', parts)));
        Assert.Null(Read(JwtWriter.Write(foreign, "at+jwt", payload)));
        Assert.Null(Read(TestTokens.Encode("""{"alg":"none","typ":"at+jwt"}""") + "." + parts[1] + "."));
        Assert.Null(Read($"{parts[0]}.{parts[1]}."));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("äöü")]
    public void Junk_is_none(string token) => Assert.Null(Read(token));
}
