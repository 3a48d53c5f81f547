using System.Text.Json;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Token;
using IdentityProvider.Protocol.UserInfo;

namespace IdentityProvider.Protocol.Tests.Authorization;

/// <summary>The <c>claims</c> parameter from the request to the tokens: OIDC Core §5.5.</summary>
public sealed class ClaimsParameterTests : IDisposable
{
    private readonly Engine _engine = new();

    public ClaimsParameterTests() =>
        _engine.Subjects.Subjects["alice"] = new Subject("alice", new Dictionary<string, JsonElement>(StringComparer.Ordinal)
        {
            ["name"] = JsonSerializer.SerializeToElement("Alice"),
            ["email"] = JsonSerializer.SerializeToElement("alice@example.com"),
            ["salary"] = JsonSerializer.SerializeToElement(1),
            ["iss"] = JsonSerializer.SerializeToElement("https://evil.example"),
            ["sub"] = JsonSerializer.SerializeToElement("bob"),
            ["at_hash"] = JsonSerializer.SerializeToElement("x"),
            ["scope"] = JsonSerializer.SerializeToElement("admin"),
        });

    public void Dispose() => _engine.Dispose();

    private async Task<TokenResponse> TokensAsync(string claims, string scope = "openid orders.read")
    {
        var answer = await _engine.RedeemAsync(await _engine.GetCodeAsync(("claims", claims), ("scope", scope)));
        return answer.Value!;
    }

    private async Task<string[]> UserInfoAsync(TokenResponse tokens)
    {
        var answer = await _engine.Get<UserInfoRequestHandler>().HandleAsync(tokens.AccessToken, CancellationToken.None);
        return [.. answer.Value!.Claims.Select(claim => claim.Key)];
    }

    [Theory]
    [Case(32)]
    [Clause("OIDC Core", "5.5", "The value is a JSON object listing the requested Claims.")]
    [InlineData("junk")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"id_token\"")]
    [InlineData("{")]
    [InlineData("{\"id_token\":[]}")]
    [InlineData("{\"id_token\":\"name\"}")]
    [InlineData("{\"userinfo\":5}")]
    [InlineData("{\"id_token\":{\"name\":true}}")]
    [InlineData("{\"id_token\":{\"name\":\"Alice\"}}")]
    [InlineData("{\"id_token\":{\"name\":null},\"id_token\":{}}")]
    [InlineData("{\"id_token\":{\"name\":null,\"name\":null}}")]
    [InlineData("{\"id_token\":{\"name\":null,\"n\\u0061me\":null}}")]
    [InlineData("{\"id_token\":{\"\\ud800\":null}}")]
    [InlineData("{\"id_token\":{\"sub\":{\"value\":\"\\udfff\"}}}")]
    [InlineData("{\"id_token\":{\"\\u0000\":null}}")]
    [InlineData("{\"id_token\":{\"iss\":{\"value\":\"https://evil.example\"}}}")]
    [InlineData("{\"id_token\":{\"aud\":{\"values\":[\"other\"]}}}")]
    [InlineData("{\"userinfo\":{\"client_id\":{\"value\":\"other\"}}}")]
    [InlineData("{\"id_token\":{\"sub\":{\"value\":5}}}")]
    [InlineData("{\"id_token\":{\"sub\":{\"values\":[\"alice\",\"bob\"]}}}")]
    [InlineData("{\"id_token\":{\"sub\":{\"value\":\"alice\"}},\"userinfo\":{\"sub\":{\"value\":\"bob\"}}}")]
    [InlineData("{\"id_token\":{\"acr\":{\"essential\":true,\"value\":5}}}")]
    [InlineData("{\"id_token\":{\"acr\":{\"essential\":true,\"values\":[5]}}}")]
    [InlineData("{\"id_token\":{}} x")]
    [InlineData("\ufeff{}")]
    public async Task Malformed_claims_request_is_an_invalid_request(string claims) =>
        Assert.Equal("invalid_request", await _engine.AuthorizeAsync(("claims", claims)).WordAsync());

    [Fact]
    [Case(32)]
    public void Deep_long_and_wide_ones_are_refused_and_harm_nobody()
    {
        const string Depth = "{\"a\":";
        var deep = "{\"id_token\":" + string.Concat(Enumerable.Repeat(Depth, 10_000)) + "1" + new string('}', 10_001);
        var wide = "{\"id_token\":{" + string.Join(',', Enumerable.Range(0, 101).Select(number => $"\"c{number}\":null")) + "}}";

        Assert.Null(RequestedClaims.TryParse(deep));
        Assert.Null(RequestedClaims.TryParse(deep[..4000]));
        Assert.Null(RequestedClaims.TryParse("{\"x\":\"" + new string('a', 1 << 20) + "\"}"));
        Assert.Null(RequestedClaims.TryParse(wide));
    }

    [Theory]
    [Clause("OIDC Core", "5.5", "Other members MAY be present. Any members used that are not understood MUST be ignored.")]
    [InlineData("{}")]
    [InlineData("{\"verified_claims\":[1,2]}")]
    [InlineData("{\"id_token\":null,\"userinfo\":null}")]
    [InlineData("{\"id_token\":{\"auth_time\":{\"essential\":true},\"acr\":{\"values\":[\"2\"]}}}")]
    [InlineData("{\"id_token\":{\"iss\":null,\"aud\":{\"essential\":true}}}")]
    [InlineData("{\"userinfo\":{\"name\":{\"essential\":false,\"purpose\":\"x\"},\"unheard_of\":null}}")]
    public async Task What_is_not_understood_is_ignored(string claims) =>
        Assert.Equal(Outcomes.Code, await _engine.AuthorizeAsync(("claims", claims)).WordAsync());

    [Fact]
    [Clause("OIDC Core", "5.5", "userinfo: Requests that the listed individual Claims be returned from the UserInfo Endpoint. id_token: ... be returned in the ID Token.")]
    public async Task Claims_come_where_they_were_asked_for()
    {
        var inIdToken = await TokensAsync("""{"id_token":{"name":{"essential":true}}}""");
        var inUserInfo = await TokensAsync("""{"userinfo":{"name":null}}""");

        Assert.Equal("Alice", Engine.Payload(inIdToken.IdToken!).GetProperty("name").GetString());
        Assert.DoesNotContain("name", await UserInfoAsync(inIdToken));
        Assert.False(Engine.Payload(inUserInfo.IdToken!).TryGetProperty("name", out _));
        Assert.Contains("name", await UserInfoAsync(inUserInfo));
    }

    [Fact]
    public async Task Refreshed_tokens_carry_the_same_claims()
    {
        var tokens = await TokensAsync("""{"id_token":{"name":null},"userinfo":{"name":null}}""");
        var refreshed = await _engine.RefreshAsync(tokens.RefreshToken!);

        Assert.Equal("Alice", Engine.Payload(refreshed.Value!.IdToken!).GetProperty("name").GetString());
        Assert.Contains("name", await UserInfoAsync(refreshed.Value));
    }

    [Fact]
    [Case(32)]
    [Case(166)]
    public async Task What_only_the_server_says_nobody_else_can_say()
    {
        const string All = """{"iss":null,"sub":null,"aud":null,"exp":null,"at_hash":null,"scope":null,"client_id":null,"cnf":null,"sid":null}""";
        var tokens = await TokensAsync($$"""{"id_token":{{All}},"userinfo":{{All}}}""");

        var idToken = Engine.Payload(tokens.IdToken!);
        Assert.Equal((Engine.Issuer, "alice"), (idToken.GetProperty("iss").GetString(), idToken.GetProperty("sub").GetString()));
        Assert.NotEqual("x", idToken.GetProperty("at_hash").GetString());
        Assert.False(idToken.TryGetProperty("scope", out _));
        Assert.Equal(idToken.EnumerateObject().Count(), idToken.EnumerateObject().Select(claim => claim.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(await UserInfoAsync(tokens));
    }

    [Fact]
    [Case(241)]
    public async Task Claim_of_no_scope_that_the_client_may_have_is_not_given()
    {
        // email is known to the directory, and so is salary, but no scope of this client stands for either.
        var tokens = await TokensAsync("""{"id_token":{"email":{"essential":true},"salary":null},"userinfo":{"email":null,"salary":null}}""");

        Assert.DoesNotContain(Engine.Payload(tokens.IdToken!).EnumerateObject(), claim => claim.Name is "email" or "salary");
        Assert.DoesNotContain("email", await UserInfoAsync(tokens));
        Assert.False(Engine.Payload(tokens.AccessToken).TryGetProperty("idp_userinfo_claims", out _));
    }

    [Fact]
    [Case(241)]
    [Clause("OIDC Core", "3.1.2.4", "the Authorization Server MUST obtain an authorization decision before releasing information to the Relying Party")]
    public async Task Claim_asked_by_name_needs_the_consent_that_its_scope_needs()
    {
        _engine.Register(Engine.DefaultClient with { RequireConsent = true });
        const string Claims = """{"id_token":{"name":null}}""";
        var now = _engine.Clock.GetUtcNow();
        await _engine.Consents.AllowAsync("alice", "app", ScopeSet.Of("openid", "orders.read"), now, CancellationToken.None);

        Assert.Equal("consent_required", await _engine.AuthorizeAsync(("claims", Claims), ("prompt", "none")).WordAsync());
        var pending = await _engine.AuthorizeAsync(("claims", Claims)).PendingAsync();

        // The page showed the requested scope only: what it did not show was not allowed.
        Assert.False(await NameIsGivenAsync(pending, "openid orders.read"));
        Assert.True(await NameIsGivenAsync(pending with { Id = Guid.CreateVersion7() }, "openid profile orders.read"));

        Assert.Equal(Outcomes.Code, await _engine.AuthorizeAsync(("claims", Claims), ("prompt", "none")).WordAsync());
    }

    [Theory]
    [Clause("OIDC Core", "5.5.1.1", "If this is an Essential Claim and the requirement cannot be met, then the Authorization Server MUST treat that outcome as a failed authentication attempt.")]
    [InlineData("""{"id_token":{"acr":{"essential":true,"value":"1"}}}""", Outcomes.Code)]
    [InlineData("""{"id_token":{"acr":{"essential":true,"values":["9","1"]}}}""", Outcomes.Code)]
    [InlineData("""{"id_token":{"acr":{"essential":true}}}""", Outcomes.Code)]
    [InlineData("""{"id_token":{"acr":{"essential":true,"value":"9"}}}""", "unmet_authentication_requirements")]
    [InlineData("""{"id_token":{"acr":{"essential":true,"values":["9"]}}}""", "unmet_authentication_requirements")]
    [InlineData("""{"id_token":{"acr":{"values":["9"]}}}""", Outcomes.Code)]
    [InlineData("""{"id_token":{"acr":{"essential":false,"value":"9"}}}""", Outcomes.Code)]
    public async Task Essential_acr_is_met_or_the_request_fails(string claims, string expected)
    {
        _engine.Session = _engine.Session with { Acr = "1" };

        Assert.Equal(expected, await _engine.AuthorizeAsync(("claims", claims)).WordAsync());
        Assert.Equal(expected, await _engine.AuthorizeAsync(("claims", claims), ("prompt", "none")).WordAsync());
    }

    private async Task<bool> NameIsGivenAsync(PendingAuthorization pending, string allowed)
    {
        var decision = new ConsentDecision(_engine.Session.Id, ScopeSet.TryParse(allowed)!);
        await _engine.Consents.AllowAsync("alice", "app", decision.Scope, _engine.Clock.GetUtcNow(), CancellationToken.None);
        var answered = pending with { Consent = decision };
        var response = await _engine.ReturnAsync(answered, _engine.Session).ResponseAsync();
        var tokens = await _engine.RedeemAsync(response.Find("code")!);
        return Engine.Payload(tokens.Value!.IdToken!).TryGetProperty("name", out _);
    }
}
