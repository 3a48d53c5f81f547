using IdentityProvider.Protocol.EndSession;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Tests.InMemory;

namespace IdentityProvider.Protocol.Tests.EndSession;

public sealed class EndSessionRequestHandlerTests : IDisposable
{
    private const string SignedOut = "https://app.example/signed-out";
    private const string SignedOutWithQuery = "https://app.example/bye?from=idp";

    private readonly Engine _engine = new();

    public EndSessionRequestHandlerTests()
    {
        _engine.Register(
            Engine.DefaultClient with { PostLogoutRedirectUris = [SignedOut, SignedOutWithQuery] },
            Engine.DefaultClient with { ClientId = "other", PostLogoutRedirectUris = ["https://other.example/"] });
    }

    [Theory]
    [InlineData(SignedOut, null, SignedOut)]
    [InlineData(SignedOut, "a b&c", SignedOut + "?state=a%20b%26c")]
    [InlineData(SignedOutWithQuery, "x", SignedOutWithQuery + "&state=x")]
    [InlineData(SignedOut, "x\r\nSet-Cookie: a=b", SignedOut + "?state=x%0D%0ASet-Cookie%3A%20a%3Db")]
    [InlineData(null, "x", null)]
    public async Task Genuine_hint_ends_the_session_without_a_question(string? redirect, string? state, string? expected)
    {
        var outcome = Handle(_engine.Session, ("id_token_hint", await HintAsync()), ("post_logout_redirect_uri", redirect), ("state", state));

        Assert.Equal(new EndSessionOutcome.End(expected), outcome);
    }

    [Fact]
    public async Task Expired_hint_still_tells_who_is_meant()
    {
        var hint = await HintAsync();
        _engine.Clock.Advance(TimeSpan.FromDays(3));

        Assert.Equal(new EndSessionOutcome.End(SignedOut), Handle(_engine.Session, ("id_token_hint", hint), ("post_logout_redirect_uri", SignedOut)));
    }

    [Fact]
    public async Task Hint_without_a_session_sends_on_because_nothing_can_be_lost()
    {
        var outcome = Handle(session: null, ("id_token_hint", await HintAsync()), ("post_logout_redirect_uri", SignedOut));

        Assert.Equal(new EndSessionOutcome.End(SignedOut), outcome);
    }

    [Fact]
    public void Without_a_hint_the_person_is_asked_and_stays_with_us()
    {
        var nothing = Assert.IsType<EndSessionOutcome.Ask>(Handle(_engine.Session));
        var stateOnly = Assert.IsType<EndSessionOutcome.Ask>(Handle(_engine.Session, ("state", "x")));
        var redirectOnly = Assert.IsType<EndSessionOutcome.Ask>(Handle(_engine.Session, ("post_logout_redirect_uri", SignedOut)));

        Assert.All([nothing, stateOnly, redirectOnly], ask => Assert.Null(ReturnAddress(ask)));
        Assert.Contains("without a known client", redirectOnly.Problem?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Client_id_alone_leads_back_after_the_question()
    {
        var ask = Assert.IsType<EndSessionOutcome.Ask>(Handle(
            _engine.Session, ("client_id", "app"), ("post_logout_redirect_uri", SignedOut), ("state", "x")));

        Assert.Equal(SignedOut + "?state=x", ReturnAddress(ask));
        Assert.Null(ask.Problem);
    }

    [Theory]
    [InlineData(SignedOut + "/")]
    [InlineData(SignedOut + "?x=1")]
    [InlineData("https://app.example/signed-ou")]
    [InlineData("HTTPS://app.example/signed-out")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://other.example/")]
    public async Task Unregistered_address_is_never_used(string redirect)
    {
        var ask = Assert.IsType<EndSessionOutcome.Ask>(Handle(
            _engine.Session, ("id_token_hint", await HintAsync()), ("post_logout_redirect_uri", redirect), ("state", "x")));

        Assert.Null(ReturnAddress(ask));
        Assert.Contains(redirect, ask.Problem?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_names_the_nearest_registered_address()
    {
        var ask = Assert.IsType<EndSessionOutcome.Ask>(Handle(
            _engine.Session, ("id_token_hint", await HintAsync()), ("post_logout_redirect_uri", SignedOut + "/")));

        Assert.EndsWith("nearest " + SignedOut, ask.Problem?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hint_we_did_not_sign_is_not_believed_and_nothing_else_in_the_request_either()
    {
        var genuine = await HintAsync();
        var parts = genuine.Split('.');
        using var foreignKey = SigningCredential.Create(SigningAlgorithm.RS256);
        var foreign = JwtWriter.Write(foreignKey, "JWT", "alice", static (json, subject) =>
        {
            json.WriteString("iss", "https://id.example");
            json.WriteString("sub", subject);
            json.WriteString("aud", "app");
        });
        var unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + parts[1] + ".";
        var accessToken = (await _engine.RedeemAsync(await _engine.GetCodeAsync())).Value!.AccessToken;

        foreach (var hint in new[] { foreign, unsigned, parts[0] + "." + parts[1] + "." + parts[2][..^4] + "AAAA", accessToken, "junk" })
        {
            var ask = Assert.IsType<EndSessionOutcome.Ask>(Handle(
                _engine.Session, ("id_token_hint", hint), ("client_id", "app"), ("post_logout_redirect_uri", SignedOut)));
            Assert.Null(ReturnAddress(ask));
            Assert.Null(ask.Pending.ClientId);
            Assert.NotNull(ask.Problem);
        }
    }

    [Fact]
    public async Task Hint_of_another_session_leads_to_a_question()
    {
        var hint = await HintAsync();
        var another = _engine.NewSession("bob");

        var ask = Assert.IsType<EndSessionOutcome.Ask>(Handle(another, ("id_token_hint", hint), ("post_logout_redirect_uri", SignedOut)));

        Assert.Equal(SignedOut, ReturnAddress(ask));
    }

    [Fact]
    public async Task Hint_of_a_disabled_client_is_no_proof()
    {
        var hint = await HintAsync();
        _engine.Register(Engine.DefaultClient with { Enabled = false, PostLogoutRedirectUris = [SignedOut] });

        var ask = Assert.IsType<EndSessionOutcome.Ask>(Handle(_engine.Session, ("id_token_hint", hint), ("post_logout_redirect_uri", SignedOut)));

        Assert.Null(ReturnAddress(ask));
    }

    [Fact]
    public async Task Client_id_that_contradicts_the_hint_is_refused()
    {
        var outcome = Handle(_engine.Session, ("id_token_hint", await HintAsync()), ("client_id", "other"));

        Assert.Equal(ErrorCodes.InvalidRequest, Assert.IsType<EndSessionOutcome.Refuse>(outcome).Error.Code);
    }

    [Fact]
    public void Doubled_parameter_is_refused()
    {
        var outcome = Handle(_engine.Session, ("state", "a"), ("state", "b"));

        Assert.IsType<EndSessionOutcome.Refuse>(outcome);
    }

    [Fact]
    public async Task Post_without_its_cookie_comes_back_and_is_decided_then()
    {
        var hint = await HintAsync();
        var parameters = Parameters(("id_token_hint", hint), ("post_logout_redirect_uri", SignedOut), ("state", "x"));
        var handler = _engine.Get<EndSessionRequestHandler>();
        var pendings = _engine.Get<PendingSignOuts>();

        var comeBack = Assert.IsType<EndSessionOutcome.ComeBack>(handler.Handle(parameters, session: null, cookieMayBeWithheld: true));
        var pending = pendings.Open(pendings.Seal(comeBack.Pending))!;

        Assert.Equal(new EndSessionOutcome.End(SignedOut + "?state=x"), handler.Continue(pending, _engine.Session));
        Assert.Equal(new EndSessionOutcome.End(SignedOut + "?state=x"), handler.Continue(pending, session: null));
        Assert.IsType<EndSessionOutcome.Ask>(handler.Continue(pending, _engine.NewSession("alice")));
    }

    [Fact]
    public async Task Address_removed_while_the_page_was_open_is_not_used()
    {
        var pending = Assert.IsType<EndSessionOutcome.Ask>(Handle(
            _engine.Session, ("client_id", "app"), ("post_logout_redirect_uri", SignedOut))).Pending;
        _engine.Register(Engine.DefaultClient);

        Assert.Null(_engine.Get<PendingSignOuts>().ReturnAddress(pending));
        Assert.Equal(new EndSessionOutcome.End(null), Handle(_engine.Session, ("id_token_hint", await HintAsync())));
    }

    [Fact]
    public void Sealed_request_opens_until_it_is_too_old_and_never_when_altered()
    {
        var pendings = _engine.Get<PendingSignOuts>();
        var value = pendings.Seal(new PendingSignOut { CreatedAt = _engine.Clock.GetUtcNow(), ClientId = "app" });

        Assert.Equal("app", pendings.Open(value)?.ClientId);
        Assert.Null(pendings.Open(null));
        Assert.Null(pendings.Open(value[..^2]));
        _engine.Clock.Advance(TimeSpan.FromMinutes(60));
        Assert.Null(pendings.Open(value));
    }

    public void Dispose() => _engine.Dispose();

    private async Task<string> HintAsync() => (await _engine.RedeemAsync(await _engine.GetCodeAsync())).Value!.IdToken!;

    private string? ReturnAddress(EndSessionOutcome.Ask ask) => _engine.Get<PendingSignOuts>().ReturnAddress(ask.Pending);

    private EndSessionOutcome Handle(Session? session, params (string Name, string? Value)[] pairs) =>
        _engine.Get<EndSessionRequestHandler>().Handle(Parameters(pairs), session, cookieMayBeWithheld: false);

    private static RequestParameters Parameters(params (string Name, string? Value)[] pairs) =>
        RequestParameters.Parse(pairs.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Name, pair.Value!)));
}
