using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Token;

namespace IdentityProvider.Protocol.Tests.Authorization;

/// <summary>What the person allows: OIDC Core §3.1.2.4.</summary>
public sealed class ConsentTests : IDisposable
{
    private readonly Engine _engine = new();

    public ConsentTests() => _engine.Register(Engine.DefaultClient with { RequireConsent = true });

    public void Dispose() => _engine.Dispose();

    private Task RememberAsync(string scope, string subject = "alice", string clientId = "app") =>
        _engine.Consents.AllowAsync(subject, clientId, ScopeSet.TryParse(scope)!, _engine.Clock.GetUtcNow(), CancellationToken.None);

    private ScopeSet ScopeOf(AuthorizationOutcome.Respond response) => _engine.Get<AuthorizationCodes>().Open(response.Find("code")!)!.Scope;

    [Theory]
    [InlineData("openid orders.read", Outcomes.Code)]
    [InlineData("orders.read openid", Outcomes.Code)]
    [InlineData("openid orders.read orders.write profile", Outcomes.Code)]
    [InlineData("openid", EndpointPaths.Consent)]
    [InlineData("orders.read", EndpointPaths.Consent)]
    [InlineData("openid orders.write", EndpointPaths.Consent)]
    [InlineData(null, EndpointPaths.Consent)]
    public async Task Only_what_was_allowed_before_is_not_asked_again(string? remembered, string expected)
    {
        if (remembered is not null)
        {
            await RememberAsync(remembered);
        }

        Assert.Equal(expected, await _engine.AuthorizeAsync().WordAsync());
        Assert.Equal(
            expected == Outcomes.Code ? Outcomes.Code : "consent_required", await _engine.AuthorizeAsync(("prompt", "none")).WordAsync());
    }

    [Theory]
    [InlineData("bob", "app")]
    [InlineData("alice", "other")]
    public async Task Consent_of_another_person_or_to_another_client_is_none(string subject, string clientId)
    {
        await RememberAsync("openid orders.read", subject, clientId);

        Assert.Equal(EndpointPaths.Consent, await _engine.AuthorizeAsync().WordAsync());
    }

    [Theory]
    [Clause("RFC 8252", "8.6", "unless the identity of the client can be proven, the request SHOULD be processed as if no previous request had been approved")]
    [InlineData("https://app.example/cb", true, Outcomes.Code)]
    [InlineData("http://127.0.0.1/cb", true, EndpointPaths.Consent)]
    [InlineData("http://localhost/cb", true, EndpointPaths.Consent)]
    [InlineData("com.example.app:/cb", true, EndpointPaths.Consent)]
    [InlineData("http://127.0.0.1/cb", false, Outcomes.Code)]
    public async Task Client_that_anybody_could_be_is_asked_about_every_time(string redirectUri, bool isPublic, string expected)
    {
        _engine.Register((isPublic ? Engine.DefaultClient : Engine.ConfidentialClient) with { RequireConsent = true, RedirectUris = [redirectUri] });
        await RememberAsync("openid orders.read");

        Assert.Equal(expected, await _engine.AuthorizeAsync(("redirect_uri", redirectUri)).WordAsync());
        var pending = await _engine.AuthorizeAsync(("redirect_uri", redirectUri), ("prompt", "consent")).PendingAsync();
        var decided = pending with { Consent = new ConsentDecision(_engine.Session.Id, ScopeSet.Of("openid", "orders.read")) };
        Assert.Equal(Outcomes.Code, await _engine.ReturnAsync(decided, _engine.Session).WordAsync());
    }

    [Fact]
    public async Task More_than_was_asked_for_now_is_not_granted_because_it_was_allowed_before()
    {
        await RememberAsync("openid orders.read orders.write profile");

        Assert.Equal("openid orders.read", ScopeOf(await _engine.AuthorizeAsync().ResponseAsync()).ToString());
    }

    [Fact]
    [Clause("OIDC Core", "3.1.2.1", "consent: The Authorization Server SHOULD prompt the End-User for consent before returning information to the Client.")]
    public async Task Prompt_consent_asks_again_and_going_round_the_page_does_not_help()
    {
        await RememberAsync("openid orders.read");
        var pending = await _engine.AuthorizeAsync(("prompt", "consent")).PendingAsync();

        Assert.Equal(EndpointPaths.Consent, await _engine.ReturnAsync(pending, _engine.Session).WordAsync());
        Assert.Equal(EndpointPaths.Consent, await _engine.ReturnAsync(pending, _engine.NewSession("alice")).WordAsync());
        var decided = pending with { Consent = new ConsentDecision(_engine.Session.Id, ScopeSet.Of("openid", "orders.read")) };
        Assert.Equal(Outcomes.Code, await _engine.ReturnAsync(decided, _engine.Session).WordAsync());
    }

    [Fact]
    public async Task Prompt_consent_asks_for_the_operators_own_clients_too()
    {
        _engine.Register(Engine.DefaultClient);

        Assert.Equal(EndpointPaths.Consent, await _engine.AuthorizeAsync(("prompt", "consent")).WordAsync());
    }

    [Fact]
    public async Task Decision_counts_for_the_session_it_was_made_in_only()
    {
        var pending = await _engine.AuthorizeAsync().PendingAsync();
        var decided = pending with { Consent = new ConsentDecision(_engine.Session.Id, ScopeSet.Of("openid", "orders.read")) };

        Assert.Equal(EndpointPaths.Consent, await _engine.ReturnAsync(decided, _engine.NewSession("bob")).WordAsync());
        Assert.Equal(Outcomes.Code, await _engine.ReturnAsync(decided, _engine.Session).WordAsync());
    }

    [Fact]
    [Clause("RFC 6749", "3.3", "If the issued access token scope is different from the one requested by the client, the authorization server MUST include the scope response parameter")]
    public async Task Part_of_what_was_asked_may_be_allowed_and_the_client_is_told()
    {
        await RememberAsync("openid orders.read");
        var pending = await _engine.AuthorizeAsync(("scope", "openid profile orders.read orders.write")).PendingAsync();
        var decided = pending with { Consent = new ConsentDecision(_engine.Session.Id, ScopeSet.Of("openid", "orders.read", "offline_access")) };

        var response = await _engine.ReturnAsync(decided, _engine.Session).ResponseAsync();
        var tokens = await _engine.RedeemAsync(response.Find("code")!);

        Assert.Equal("openid orders.read", tokens.Value!.Scope.ToString());
        Assert.Equal("openid orders.read", Engine.Payload(tokens.Value.AccessToken).GetProperty("scope").GetString());
    }

    [Theory]
    [Clause("RFC 6749", "3.3", "scope = scope-token *( SP scope-token )")]
    [InlineData("")]
    [InlineData("profile")]
    public async Task Allowing_nothing_of_it_is_a_denial(string allowed)
    {
        var pending = await _engine.AuthorizeAsync().PendingAsync();
        var decided = pending with { Consent = new ConsentDecision(_engine.Session.Id, ScopeSet.TryParse(allowed)!) };

        Assert.Equal("access_denied", await _engine.ReturnAsync(decided, _engine.Session).WordAsync());
    }

    [Fact]
    public async Task Api_of_which_nothing_was_allowed_is_no_audience()
    {
        var pending = await _engine.AuthorizeAsync(("resource", "https://orders.example")).PendingAsync();
        var decided = pending with { Consent = new ConsentDecision(_engine.Session.Id, ScopeSet.Of("openid")) };
        await RememberAsync("openid");

        var response = await _engine.ReturnAsync(decided, _engine.Session).ResponseAsync();
        var tokens = await _engine.RedeemAsync(response.Find("code")!);

        Assert.Equal(Engine.Issuer, Engine.Payload(tokens.Value!.AccessToken).GetProperty("aud").GetString());
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_asked_who_they_are_before_what_they_allow()
    {
        var pending = await _engine.AuthorizeAsync(Engine.Request(("prompt", "consent")), session: null).PendingAsync();

        Assert.Equal(EndpointPaths.SignIn, await _engine.ReturnAsync(pending, session: null).WordAsync());
        Assert.Equal(EndpointPaths.Consent, await _engine.ReturnAsync(pending, _engine.NewSession("alice")).WordAsync());
    }
}
