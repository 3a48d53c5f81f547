using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Token;

namespace IdentityProvider.Protocol.Tests.Token;

/// <summary>Audiences and resource indicators: RFC 8707 §2, RFC 9068 §2.2.3 and §3.</summary>
public sealed class ResourceRulesTests : IDisposable
{
    private const string Orders = "https://orders.example";
    private const string Stock = "https://stock.example";

    private static readonly CatalogSnapshot Catalog = new(
        1,
        [],
        [.. new[] { "openid", "profile", "offline_access", "orders.read", "orders.write", "stock.read", "shared", "off.read" }.Select(name => new Scope { Name = name })],
        [
            new ApiResource { Identifier = Orders, Scopes = ["orders.read", "orders.write", "shared"] },
            new ApiResource { Identifier = Stock, Scopes = ["stock.read", "shared"] },
            new ApiResource { Identifier = "https://off.example", Scopes = ["off.read"], Enabled = false },
        ]);

    private readonly Engine _engine = new();

    public ResourceRulesTests() =>
        _engine.Register(Engine.DefaultClient with { Scope = ScopeSet.Of("openid", "profile", "offline_access", "orders.read", "orders.write", "stock.read") });

    public void Dispose() => _engine.Dispose();

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [Theory]
    [Clause("RFC 9068", "3", "If a scope parameter is present in the request, the authorization server SHOULD use it to infer the value of the default resource indicator to be used in the aud claim.")]
    [Clause("RFC 9068", "2.2.3", "All the individual scope strings in the scope claim MUST have meaning for the resources indicated in the aud claim.")]
    [Clause("RFC 8707", "2", "the authorization server ... to audience-restrict issued access tokens to the resource(s) indicated")]
    [InlineData("orders.read", "", "", Orders, "orders.read")]
    [InlineData("orders.read stock.read", "", "", Orders + " " + Stock, "orders.read stock.read")]
    [InlineData("shared", "", "", Orders + " " + Stock, "shared")]
    [InlineData("openid orders.read", "", "", Orders + " us", "openid orders.read")]
    [InlineData("openid", "", "", "us", "openid")]
    [InlineData("profile orders.read", "", "", Orders + " us", "profile orders.read")]
    [InlineData("orders.read offline_access", "", "", Orders, "orders.read offline_access")]
    [InlineData("offline_access", "", "", "us", "offline_access")]
    [InlineData("off.read", "", "", "us", "")]
    [InlineData("off.read orders.read", "", "", Orders, "orders.read")]
    [InlineData("openid orders.read stock.read", Orders, "", Orders + " us", "openid orders.read")]
    [InlineData("orders.read stock.read", Orders, "", Orders, "orders.read")]
    [InlineData("orders.read", Orders + " " + Orders, "", Orders, "orders.read")]
    [InlineData("orders.read", Orders + " " + Stock, "", Orders, "orders.read")]
    [InlineData("orders.read", Stock + " https://gone.example", "", "us", "")]
    [InlineData("openid orders.read stock.read", "", Stock, Stock, "stock.read")]
    [InlineData("openid orders.read stock.read", Orders + " " + Stock, Stock, Stock, "stock.read")]
    [InlineData("openid orders.read shared", "", Orders + " " + Stock, Orders + " " + Stock, "orders.read shared")]
    public void Audience_and_scope_belong_together(string scope, string granted, string asked, string audiences, string kept)
    {
        var target = ResourceRules.Target(Catalog, "us", ScopeSet.TryParse(scope)!, Words(granted), Words(asked));

        Assert.Equal(audiences, string.Join(' ', target.Audiences));
        Assert.Equal(kept, target.Scope.ToString());
    }

    [Theory]
    [Case(34)]
    [Clause("RFC 8707", "2", "invalid_target: The requested resource is invalid, missing, unknown, or malformed.")]
    [Clause("RFC 8707", "2", "Its value MUST be an absolute URI ... The URI MUST NOT include a fragment component.")]
    [InlineData(Orders, Outcomes.Code)]
    [InlineData("https://unknown.example", "invalid_target")]
    [InlineData("https://off.example", "invalid_target")]
    [InlineData("https://orders.example/", "invalid_target")]
    [InlineData("HTTPS://orders.example", "invalid_target")]
    [InlineData("https://orders.example:443", "invalid_target")]
    [InlineData("https://orders.example#x", "invalid_target")]
    [InlineData("/orders", "invalid_target")]
    [InlineData("orders", "invalid_target")]
    [InlineData("javascript:x", "invalid_target")]
    [InlineData(Stock, "invalid_target")]
    public async Task Authorization_request_may_name_an_api_it_asks_a_scope_of(string resource, string expected) =>
        Assert.Equal(expected, await _engine.AuthorizeAsync(("resource", resource)).WordAsync());

    [Fact]
    [Clause("RFC 8707", "2", "Multiple resource parameters MAY be used to indicate that the requested token is intended to be used at multiple resources.")]
    public async Task Several_may_be_named_and_each_is_checked()
    {
        var both = Engine.Request(("scope", "orders.read stock.read")).Concat([new("resource", Orders), new("resource", Stock)]);
        var one = Engine.Request(("scope", "orders.read")).Concat([new("resource", Orders), new("resource", Stock)]);
        var many = Engine.Request(("scope", "orders.read")).Concat(Enumerable.Repeat(KeyValuePair.Create("resource", Orders), 21));

        Assert.Equal(Outcomes.Code, await _engine.AuthorizeAsync(both, _engine.Session).WordAsync());
        Assert.Equal("invalid_target", await _engine.AuthorizeAsync(one, _engine.Session).WordAsync());
        Assert.Equal("invalid_target", await _engine.AuthorizeAsync(many, _engine.Session).WordAsync());
    }

    [Fact]
    [Clause("RFC 8707", "2.2", "such policy may limit the acceptable resources to those that were originally granted by the resource owner or a subset thereof")]
    public async Task Nobody_gets_at_an_api_of_which_the_person_allowed_nothing()
    {
        // The client may ask for stock.read, but this grant is about orders.
        var code = await _engine.GetCodeAsync(("scope", "openid orders.read"));
        var other = await _engine.GetCodeAsync(("scope", "openid orders.read"));
        var tokens = await _engine.RedeemAsync(other);

        Assert.Equal("invalid_target", (await _engine.RedeemAsync(code, resource: Stock)).Error!.Code);
        Assert.Equal("invalid_target", (await _engine.RefreshAsync(tokens.Value!.RefreshToken!, resource: Stock)).Error!.Code);
        Assert.Equal("invalid_target", (await _engine.RefreshAsync(tokens.Value.RefreshToken!, scope: "openid", resource: Orders)).Error!.Code);
        Assert.True((await _engine.RefreshAsync(tokens.Value.RefreshToken!, resource: Orders)).Succeeded);
    }

    [Fact]
    [Clause("RFC 8707", "2.2", "where the requested resources are a subset of the set of resources originally granted, the authorization server will issue an access token based on that subset")]
    public async Task Token_request_may_name_only_resources_of_the_authorization_request()
    {
        const string Scope = "openid orders.read stock.read";
        var code = await _engine.GetCodeAsync(("scope", Scope), ("resource", Orders));
        var other = await _engine.GetCodeAsync(("scope", Scope), ("resource", Orders));
        var tokens = await _engine.RedeemAsync(other);

        Assert.Equal("invalid_target", (await _engine.RedeemAsync(code, resource: Stock)).Error!.Code);
        Assert.Equal("invalid_grant", (await _engine.RedeemAsync(code, resource: Orders)).Error!.Code); // it is spent
        Assert.Equal([Orders, Engine.Issuer], AudiencesOf(tokens.Value!.AccessToken));
        Assert.Equal("invalid_target", (await _engine.RefreshAsync(tokens.Value.RefreshToken!, resource: Stock)).Error!.Code);
    }

    [Fact]
    [Clause("RFC 8707", "2.2", "any refresh token that is returned is bound to the full original grant")]
    public async Task One_grant_gives_tokens_for_one_api_after_the_other()
    {
        var first = await _engine.RedeemAsync(await _engine.GetCodeAsync(("scope", "openid orders.read stock.read")), resource: Orders);
        var second = await _engine.RefreshAsync(first.Value!.RefreshToken!, resource: Stock);
        var third = await _engine.RefreshAsync(second.Value!.RefreshToken!);

        Assert.Equal([Orders], AudiencesOf(first.Value.AccessToken));
        Assert.Equal([Stock], AudiencesOf(second.Value.AccessToken));
        Assert.Equal("stock.read", second.Value.Scope.ToString());
        Assert.Equal([Orders, Stock, Engine.Issuer], AudiencesOf(third.Value!.AccessToken));
    }

    [Fact]
    [Case(110)]
    public async Task Refresh_gives_nothing_that_client_or_catalogue_have_lost_since()
    {
        var tokens = await _engine.RedeemAsync(await _engine.GetCodeAsync(("scope", "orders.read stock.read")));
        _engine.Register(Engine.DefaultClient with { Scope = ScopeSet.Of("orders.read") });
        var less = await _engine.RefreshAsync(tokens.Value!.RefreshToken!);
        _engine.Register(Engine.DefaultClient with { Scope = ScopeSet.Of("orders.write") });
        var nothing = await _engine.RefreshAsync(less.Value!.RefreshToken!);

        Assert.Equal("orders.read", less.Value.Scope.ToString());
        Assert.Equal([Orders], AudiencesOf(less.Value.AccessToken));
        Assert.Equal("invalid_scope", nothing.Error!.Code);
    }

    private static string[] AudiencesOf(string accessToken)
    {
        var audience = Engine.Payload(accessToken).GetProperty("aud");
        return audience.ValueKind == System.Text.Json.JsonValueKind.String
            ? [audience.GetString()!]
            : [.. audience.EnumerateArray().Select(value => value.GetString()!)];
    }
}
