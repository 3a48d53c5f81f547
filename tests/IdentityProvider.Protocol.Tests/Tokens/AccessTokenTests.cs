using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Token;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Tests.Tokens;

/// <summary>What an access token says: RFC 9068 §2, draft-ietf-oauth-status-list §6.</summary>
public sealed class AccessTokenTests : IDisposable
{
    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    private async Task<TokenResponse> TokensAsync(string scope = "openid orders.read") =>
        (await _engine.RedeemAsync(await _engine.GetCodeAsync(("scope", scope)))).Value!;

    private static JsonElement Header(string jwt) => JsonDocument.Parse(Base64Url.DecodeFromChars(jwt.Split('.')[0])).RootElement;

    private static TimeSpan LifetimeOf(string jwt) =>
        TimeSpan.FromSeconds(Engine.Payload(jwt).GetProperty("exp").GetInt64() - Engine.Payload(jwt).GetProperty("iat").GetInt64());

    [Fact]
    [Case(167)]
    [Clause("RFC 9068", "2.1", "JWT access tokens MUST include this media type in the typ header parameter ... at+jwt")]
    [Clause("RFC 9068", "2.2", "iss, exp, aud, sub, client_id, iat, jti: REQUIRED")]
    [Clause("RFC 9068", "2.2.1", "auth_time, acr, amr ... Their values are fixed and remain the same across all access tokens that derive from a given authorization response")]
    public async Task It_says_this_and_nothing_else()
    {
        _engine.Session = _engine.Session with { Acr = "1" };
        var signedInAt = _engine.Clock.GetUtcNow().ToUnixTimeSeconds();
        _engine.Clock.Advance(TimeSpan.FromSeconds(90.5));
        var now = _engine.Clock.GetUtcNow().ToUnixTimeSeconds();
        var token = (await TokensAsync()).AccessToken;
        var grant = _engine.Grants.Grants.Values.Single();

        Assert.Equal("at+jwt RS256", $"{Header(token).GetProperty("typ")} {Header(token).GetProperty("alg")}");
        var expected = $$$$"""
            {"iss":"https://id.example","sub":"alice","aud":["https://orders.example","https://id.example"],"client_id":"app",
            "scope":"openid orders.read","iat":{{{{now}}}},"exp":{{{{now + 600}}}},"jti":"{{{{Engine.Payload(token).GetProperty("jti")}}}}",
            "auth_time":{{{{signedInAt}}}},"acr":"1","amr":["pwd"],"sid":"{{{{_engine.Session.Id:N}}}}",
            "status":{"status_list":{"idx":{{{{grant.Status.Index}}}},"uri":"https://id.example/connect/statuslists/{{{{grant.Status.List}}}}"}}}
            """;
        Assert.Equal(expected.ReplaceLineEndings(string.Empty), Engine.Payload(token).GetRawText());
    }

    [Fact]
    [Clause("RFC 9068", "2.2", "In cases of access tokens obtained through grants where no resource owner is involved ... the value of sub SHOULD correspond to an identifier the authorization server uses to indicate the client application")]
    public async Task Token_of_a_client_for_itself_has_no_person_in_it()
    {
        _engine.Register(Engine.ConfidentialClient with { ClientId = "worker", GrantTypes = [GrantTypeNames.ClientCredentials], Status = new StatusReference(0, 7) });
        var answer = await _engine.TokenAsync(("grant_type", "client_credentials"), ("client_id", "worker"), ("client_secret", Engine.Secret), ("scope", "orders.read"));
        var token = answer.Value!.AccessToken;

        Assert.Equal(
            ["iss", "sub", "aud", "client_id", "scope", "iat", "exp", "jti", "status"],
            Engine.Payload(token).EnumerateObject().Select(claim => claim.Name));
        Assert.Equal("worker", Engine.Payload(token).GetProperty("sub").GetString());
        Assert.Null(_engine.Get<AccessTokenReader>().Read(token)!.GrantId);
        Assert.Null(answer.Value.RefreshToken);
        Assert.Null(answer.Value.IdToken);
    }

    [Fact]
    [Clause("RFC 7519", "4.1.7", "The identifier value MUST be assigned in a manner that ensures that there is a negligible probability that the same value will be accidentally assigned to a different data object")]
    public async Task Each_has_an_id_of_its_own_that_leads_to_its_grant()
    {
        var tokens = await TokensAsync();
        var refreshed = (await _engine.RefreshAsync(tokens.RefreshToken!)).Value!;
        var reader = _engine.Get<AccessTokenReader>();
        var (first, second) = (reader.Read(tokens.AccessToken)!, reader.Read(refreshed.AccessToken)!);

        Assert.NotEqual(first.Jti, second.Jti);
        var grant = Assert.Single(_engine.Grants.Grants.Keys);
        Assert.Equal((grant, grant), (first.GrantId, second.GrantId));
        Assert.Equal(28, Base64Url.DecodeFromChars(first.Jti).Length); // 16 of the grant, 96 random bits
    }

    [Theory]
    [InlineData(600, null, null, null, 600)]
    [InlineData(600, 120, null, null, 120)]
    [InlineData(600, 1200, null, null, 1200)]
    [InlineData(600, null, 300, null, 300)]
    [InlineData(600, null, 300, 200, 200)]
    [InlineData(600, null, 900, null, 600)]
    [InlineData(600, 120, 300, 200, 120)]
    [InlineData(600, 1200, 900, null, 900)]
    public async Task Shortest_lifetime_wins(int server, int? client, int? orders, int? stock, int expected)
    {
        static TimeSpan? Seconds(int? value) => value is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        using var engine = new Engine(options => options.Tokens.AccessTokenLifetime = TimeSpan.FromSeconds(server));
        var scope = ScopeSet.Of("orders.read", "stock.read");
        engine.Catalog.Current = new CatalogSnapshot(
            2,
            [Engine.DefaultClient with { Scope = scope, AccessTokenLifetime = Seconds(client) }],
            [.. scope.Select(name => new Scope { Name = name })],
            [
                new ApiResource { Identifier = "https://orders.example", Scopes = ["orders.read"], AccessTokenLifetime = Seconds(orders) },
                new ApiResource { Identifier = "https://stock.example", Scopes = ["stock.read"], AccessTokenLifetime = Seconds(stock) },
            ]);

        var answer = await engine.RedeemAsync(await engine.GetCodeAsync(("scope", "orders.read stock.read")));

        Assert.Equal(TimeSpan.FromSeconds(expected), LifetimeOf(answer.Value!.AccessToken));
        Assert.Equal(TimeSpan.FromSeconds(expected), answer.Value.ExpiresIn);
    }

    [Fact]
    public async Task It_does_not_outlive_its_grant()
    {
        _engine.Register(Engine.DefaultClient with { RefreshTokenAbsoluteLifetime = TimeSpan.FromHours(1), RefreshTokenIdleLifetime = TimeSpan.FromHours(1) });
        var tokens = await TokensAsync();
        _engine.Clock.Advance(TimeSpan.FromMinutes(55));

        var last = (await _engine.RefreshAsync(tokens.RefreshToken!)).Value!;

        Assert.Equal(TimeSpan.FromMinutes(5), last.ExpiresIn);
        Assert.Equal(TimeSpan.FromMinutes(5), LifetimeOf(last.AccessToken));
    }

    [Fact]
    public async Task Grant_stands_as_long_as_its_access_token_even_when_it_may_not_lie_idle_that_long()
    {
        _engine.Register(Engine.DefaultClient with { RefreshTokenIdleLifetime = TimeSpan.FromMinutes(1) });
        var tokens = await TokensAsync();
        _engine.Clock.Advance(TimeSpan.FromMinutes(1));
        var refreshed = (await _engine.RefreshAsync(tokens.RefreshToken!)).Value!;

        var expiry = _engine.Get<AccessTokenReader>().Read(refreshed.AccessToken)!.ExpiresAt;
        Assert.Equal(expiry, Assert.Single(_engine.Grants.Grants.Values).ExpiresAt);
    }

    [Theory]
    [Clause("RFC 9068", "4", "it is RECOMMENDED here that authorization servers sign JWT access tokens with an asymmetric algorithm")]
    [InlineData("orders.read", "RS256")]
    [InlineData("stock.read", "ES256")]
    [InlineData("orders.read stock.read", "RS256")]
    [InlineData("openid", "RS256")]
    [InlineData("openid stock.read", "ES256")]
    public async Task Algorithm_is_the_one_all_its_apis_agree_on(string scope, string algorithm)
    {
        _engine.Register(Engine.DefaultClient with { Scope = ScopeSet.Of("openid", "orders.read", "stock.read") });

        Assert.Equal(algorithm, Header((await TokensAsync(scope)).AccessToken).GetProperty("alg").GetString());
    }

    [Fact]
    public async Task Long_request_makes_no_longer_token_than_it_must()
    {
        var tokens = await TokensAsync("openid profile offline_access orders.read orders.write");

        Assert.InRange(Encoding.ASCII.GetByteCount(tokens.AccessToken), 1, 2047);
        Assert.InRange(Encoding.ASCII.GetByteCount(tokens.RefreshToken!), 82, 82);
    }

    [Fact]
    [Clause("RFC 9068", "2.2.3", "If an authorization request includes a scope parameter, the corresponding issued JWT access token SHOULD include a scope claim")]
    public async Task Response_tells_the_scope_and_the_lifetime_that_the_token_has()
    {
        var tokens = await TokensAsync("openid orders.read");

        Assert.Equal(tokens.Scope.ToString(), Engine.Payload(tokens.AccessToken).GetProperty("scope").GetString());
        Assert.Equal(tokens.ExpiresIn, LifetimeOf(tokens.AccessToken));
        Assert.Equal("Bearer", tokens.TokenType);
    }
}
