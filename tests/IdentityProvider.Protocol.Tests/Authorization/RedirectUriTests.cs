using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Tests.InMemory;

namespace IdentityProvider.Protocol.Tests.Authorization;

/// <summary>Where nothing may be sent: RFC 6749 §3.1.2.4, RFC 9700 §2.1 and §4.1, RFC 8252 §7.3.</summary>
public sealed class RedirectUriTests : IDisposable
{
    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [Case(40)]
    [Clause("RFC 9700", "2.1", "authorization servers MUST utilize exact string matching except for port numbers in localhost redirection URIs of native apps")]
    [Clause("RFC 6749", "4.1.2.1", "the authorization server SHOULD inform the resource owner of the error and MUST NOT automatically redirect the user agent to the invalid redirection URI")]
    [InlineData("https://app.example/cb/")]
    [InlineData("https://app.example/cb/x")]
    [InlineData("https://app.example/CB")]
    [InlineData("https://app.example/cb%2f")]
    [InlineData("https://app.example/c%62")]
    [InlineData("https://app.example/cb;x")]
    [InlineData("https://app.example/cb?x=1")]
    [InlineData("https://app.example/cb?")]
    [InlineData("https://app.example/cb#f")]
    [InlineData("https://app.example/cb#")]
    [InlineData("https://app.example//cb")]
    [InlineData("HTTPS://APP.EXAMPLE/cb")]
    [InlineData("https://app.example:443/cb")]
    [InlineData("https://app.example:8443/cb")]
    [InlineData("http://app.example/cb")]
    [InlineData("https://app.example")]
    [InlineData("https://app.example/")]
    [InlineData("https://user@app.example/cb")]
    [InlineData("https://app.example@evil.example/cb")]
    [InlineData("https://app.example.evil.example/cb")]
    [InlineData("https://app.example./cb")]
    [InlineData(" https://app.example/cb")]
    [InlineData("https://app.example/cb ")]
    [InlineData("https://app.example/cb\n")]
    [InlineData("//app.example/cb")]
    [InlineData("/cb")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    public Task Any_difference_is_told_to_the_person_and_not_to_the_address(string redirectUri) => RefusedAsync(redirectUri);

    [Theory]
    [Case(41)]
    [InlineData("https://app.example/cb/../evil")]
    [InlineData("https://app.example/x/../cb")]
    [InlineData("https://app.example/cb/%2e%2e/evil")]
    [InlineData("https://app.example/cb/%252e%252e/evil")]
    [InlineData("https://app.example/cb/..;/evil")]
    [InlineData("https://app.example/cb\\..\\evil")]
    [InlineData("https://app.example\\@evil.example/cb")]
    [InlineData("https://app.example/./cb")]
    public Task Dot_segments_are_not_resolved(string redirectUri) => RefusedAsync(redirectUri);

    [Theory]
    [Case(47)]
    [InlineData("https://app．example/cb")]
    [InlineData("https://app。example/cb")]
    [InlineData("https://аpp.example/cb")]
    [InlineData("https://app.exam\u00adple/cb")]
    [InlineData("https://app.exam\u200dple/cb")]
    [InlineData("https://app.example/cb\u200b")]
    [InlineData("https://app.example/cb\u0301")]
    [InlineData("https://xn--pp-8fda.example/cb")]
    [InlineData("ｈttps://app.example/cb")]
    public Task Letters_that_only_look_alike_are_other_letters(string redirectUri) => RefusedAsync(redirectUri);

    [Theory]
    [Case(43)]
    [InlineData("https://appXexample/cb")]
    [InlineData("https://app.example/.*")]
    [InlineData("https://.*")]
    [InlineData("https://*.example/cb")]
    public Task Nothing_is_a_pattern(string redirectUri) => RefusedAsync(redirectUri);

    [Theory]
    [Case(49)]
    [InlineData("https://app.example/cb?a=1&b=2", true)]
    [InlineData("https://app.example/cb", false)]
    [InlineData("https://app.example/cb?", false)]
    [InlineData("https://app.example/cb?b=2&a=1", false)]
    [InlineData("https://app.example/cb?a=1&b=2&c=3", false)]
    [InlineData("https://app.example/cb?a=1&b=%32", false)]
    [InlineData("https://app.example/cb?a=1&amp;b=2", false)]
    public async Task Query_is_part_of_the_address(string redirectUri, bool accepted)
    {
        _engine.Register(Engine.DefaultClient with { RedirectUris = ["https://app.example/cb?a=1&b=2"] });

        Assert.Equal(accepted ? Outcomes.Code : Outcomes.Refused, await _engine.AuthorizeAsync(("redirect_uri", redirectUri)).WordAsync());
    }

    [Theory]
    [Case(50)]
    [Clause("RFC 8252", "7.3", "The authorization server MUST allow any port to be specified at the time of the request for loopback IP redirect URIs")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1/cb", true)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:1/cb", true)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:65535/cb", true)]
    [InlineData("http://127.0.0.1:3000/cb", "http://127.0.0.1:49152/cb", true)]
    [InlineData("http://[::1]/cb", "http://[::1]:49152/cb", true)]
    [InlineData("http://127.0.0.1/cb?a=1", "http://127.0.0.1:49152/cb?a=1", true)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:65536/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:-1/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:+80/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:80:80/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:８０/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:80@evil.example/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:80/cb/", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:80/cb?x", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.2:80/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://2130706433:80/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://[::1]:80/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://localhost:80/cb", false)]
    [InlineData("http://127.0.0.1/cb", "https://127.0.0.1:80/cb", false)]
    [InlineData("http://127.0.0.1/cb", "HTTP://127.0.0.1:80/cb", false)]
    [InlineData("http://127.0.0.1.evil.example/cb", "http://127.0.0.1:80.evil.example/cb", false)]
    [InlineData("http://localhost/cb", "http://localhost/cb", true)]
    [InlineData("http://localhost/cb", "http://localhost:80/cb", false)]
    [InlineData("http://localhost:3000/cb", "http://localhost:3001/cb", false)]
    [InlineData("https://127.0.0.1/cb", "https://127.0.0.1:80/cb", false)]
    public void Only_the_port_of_a_loopback_address_may_differ(string registered, string sent, bool accepted) =>
        Assert.Equal(accepted, RedirectUriRules.IsRegistered([registered], sent));

    [Fact]
    [Case(50)]
    public async Task Answer_goes_to_the_port_that_was_asked_and_the_code_is_bound_to_it()
    {
        _engine.Register(Engine.DefaultClient with { ApplicationType = "native", RedirectUris = ["http://127.0.0.1/cb"] });
        var response = await _engine.AuthorizeAsync(("redirect_uri", "http://127.0.0.1:49152/cb")).ResponseAsync();

        Assert.Equal("http://127.0.0.1:49152/cb", response.RedirectUri);
        Assert.Equal("invalid_grant", (await _engine.RedeemAsync(response.Find("code")!, redirectUri: "http://127.0.0.1/cb")).Error!.Code);
    }

    [Theory]
    [Case(2)]
    [Clause("OIDC Core", "3.1.2.1", "redirect_uri: REQUIRED. ... This URI MUST exactly match one of the Redirection URI values for the Client pre-registered at the OpenID Provider")]
    [Clause("RFC 6749", "3.1.2.3", "If multiple redirection URIs have been registered ... the client MUST include a redirection URI with the authorization request")]
    [InlineData("orders.read", 1, Outcomes.Code)]
    [InlineData("openid orders.read", 1, Outcomes.Refused)]
    [InlineData("orders.read", 2, Outcomes.Refused)]
    [InlineData("openid", 2, Outcomes.Refused)]
    public async Task It_may_be_left_out_only_in_plain_oauth_and_only_when_one_is_registered(string scope, int registered, string expected)
    {
        string[] uris = [Engine.Callback, "https://app.example/other"];
        _engine.Register(Engine.DefaultClient with { RedirectUris = uris[..registered] });

        Assert.Equal(expected, await _engine.AuthorizeAsync(("redirect_uri", null), ("scope", scope)).WordAsync());
    }

    [Theory]
    [Clause("RFC 6749", "4.1.3", "redirect_uri: REQUIRED, if the redirect_uri parameter was included in the authorization request ... their values MUST be identical")]
    [InlineData(null, true)]
    [InlineData(Engine.Callback, true)]
    [InlineData("https://app.example/cb/", false)]
    public async Task Left_out_at_first_it_may_be_left_out_again_or_be_the_registered_one(string? atTokenEndpoint, bool accepted)
    {
        var code = await _engine.GetCodeAsync(("redirect_uri", null), ("scope", "orders.read"));

        Assert.Equal(accepted, (await _engine.RedeemAsync(code, redirectUri: atTokenEndpoint)).Succeeded);
    }

    [Fact]
    [Case(7)]
    public async Task Sent_twice_it_is_not_chosen_from_even_when_one_is_registered()
    {
        var pairs = Engine.Request(("scope", "orders.read")).Append(new("redirect_uri", Engine.Callback));

        Assert.Equal(Outcomes.Refused, await _engine.AuthorizeAsync(pairs, _engine.Session).WordAsync());
    }

    [Fact]
    [Case(55)]
    public async Task Removed_while_the_person_signs_in_it_is_not_used()
    {
        var pending = await _engine.AuthorizeAsync(Engine.Request(), session: null).PendingAsync();
        _engine.Register(Engine.DefaultClient with { RedirectUris = ["https://app.example/new"] });

        Assert.Equal(Outcomes.Refused, await _engine.ReturnAsync(pending, _engine.NewSession("alice")).WordAsync());
    }

    private async Task RefusedAsync(string redirectUri)
    {
        Assert.Equal(Outcomes.Refused, await _engine.AuthorizeAsync(("redirect_uri", redirectUri)).WordAsync());
        Assert.Equal(Outcomes.Refused, await _engine.AuthorizeAsync(("redirect_uri", redirectUri), ("prompt", "none")).WordAsync());
        Assert.Equal(Outcomes.Refused, await _engine.AuthorizeAsync(("redirect_uri", redirectUri), ("response_type", "junk")).WordAsync());
    }
}
