using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Tests.InMemory;

namespace IdentityProvider.Protocol.Tests.Authorization;

/// <summary>Who has to do what before the client gets its answer: OIDC Core §3.1.2.1 and §3.1.2.3.</summary>
public sealed class PromptTests : IDisposable
{
    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    /// <summary>As <c>TryReauthenticateAsync</c> leaves it: the same session, proved again now.</summary>
    private Session SignedInAgain(Session session) => session with { AuthTime = _engine.Clock.GetUtcNow() };

    [Theory]
    [Case(11)]
    [Clause("OIDC Core", "3.1.2.1", "none: The Authorization Server MUST NOT display any authentication or consent user interface pages.")]
    [InlineData("https://app.example/cb", "login_required")]
    [InlineData("https://evil.example/cb", Outcomes.Refused)]
    public async Task Silent_request_without_a_session_is_login_required(string redirectUri, string expected)
    {
        var request = Engine.Request(("prompt", "none"), ("redirect_uri", redirectUri));

        Assert.Equal(expected, await _engine.AuthorizeAsync(request, session: null).WordAsync());
    }

    [Fact]
    [Case(11)]
    public async Task Silent_request_with_a_session_and_nothing_to_ask_gets_its_code() =>
        Assert.Equal(Outcomes.Code, await _engine.AuthorizeAsync(("prompt", "none")).WordAsync());

    [Fact]
    [Case(11)]
    public async Task Silent_request_that_needs_consent_is_consent_required()
    {
        _engine.Register(Engine.DefaultClient with { RequireConsent = true });

        Assert.Equal("consent_required", await _engine.AuthorizeAsync(("prompt", "none")).WordAsync());
    }

    [Fact]
    public async Task Without_a_session_the_person_signs_in_and_the_request_goes_on()
    {
        var pending = await _engine.AuthorizeAsync(Engine.Request(), session: null).PendingAsync();

        Assert.Equal(EndpointPaths.SignIn, await _engine.ReturnAsync(pending, session: null).WordAsync());
        Assert.Equal(Outcomes.Code, await _engine.ReturnAsync(pending, _engine.NewSession("alice")).WordAsync());
    }

    [Fact]
    [Clause("OIDC Core", "3.1.2.1", "login: The Authorization Server SHOULD prompt the End-User for reauthentication.")]
    public async Task Prompt_login_asks_again_and_going_round_the_page_does_not_help()
    {
        _engine.Clock.Advance(TimeSpan.FromSeconds(1));
        var pending = await _engine.AuthorizeAsync(("prompt", "login")).PendingAsync();

        Assert.Equal(EndpointPaths.SignIn, await _engine.ReturnAsync(pending, _engine.Session).WordAsync());
        _engine.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(EndpointPaths.SignIn, await _engine.ReturnAsync(pending, _engine.Session).WordAsync());
        var session = SignedInAgain(_engine.Session);
        Assert.Equal(Outcomes.Code, await _engine.ReturnAsync(pending.After(session), session).WordAsync());
    }

    [Theory]
    [InlineData("prompt", "login", EndpointPaths.SignIn)]
    [InlineData("max_age", "0", EndpointPaths.SignIn)]
    [InlineData("prompt", "select_account", EndpointPaths.SelectAccount)]
    [InlineData("prompt", "create", EndpointPaths.Register)]
    [InlineData("max_age", "60", Outcomes.Code)]
    [InlineData("prompt", null, Outcomes.Code)]
    [Clause("OIDC Core", "3.1.2.1", "login: The Authorization Server SHOULD prompt the End-User for reauthentication.")]
    public async Task A_sign_in_for_another_request_is_no_answer_to_what_this_one_asks(string name, string? value, string expected)
    {
        _engine.Clock.Advance(TimeSpan.FromMinutes(5));
        var pending = await _engine.AuthorizeAsync(Engine.Request((name, value)), session: null).PendingAsync();
        var other = await _engine.AuthorizeAsync(("prompt", "login")).PendingAsync();
        _engine.Clock.Advance(TimeSpan.FromSeconds(1));
        var session = SignedInAgain(_engine.Session);

        Assert.Equal(expected, await _engine.ReturnAsync(pending, session).WordAsync());
        Assert.Equal(Outcomes.Code, await _engine.ReturnAsync(other.After(session), session).WordAsync());
        Assert.Equal(EndpointPaths.SignIn, await _engine.ReturnAsync(other.After(session), _engine.NewSession("bob")).WordAsync());
    }

    [Fact]
    [Case(14)]
    public async Task Signing_in_again_moves_auth_time()
    {
        _engine.Clock.Advance(TimeSpan.FromMinutes(5));
        var pending = await _engine.AuthorizeAsync(("prompt", "login")).PendingAsync();
        _engine.Clock.Advance(TimeSpan.FromMinutes(1));
        var session = SignedInAgain(_engine.Session);
        var response = await _engine.ReturnAsync(pending.After(session), session).ResponseAsync();
        var answer = await _engine.RedeemAsync(response.Find("code")!);

        Assert.Equal(
            _engine.Session.AuthTime.AddMinutes(6).ToUnixTimeSeconds(),
            Engine.Payload(answer.Value!.IdToken!).GetProperty("auth_time").GetInt64());
    }

    [Fact]
    [Clause("OpenID Prompt Create", "4.1", "create: indicates to the OpenID Provider that the client desires that the user be shown the account creation UX rather than the login flow")]
    public async Task Prompt_create_shows_the_registration_page_even_to_who_is_signed_in()
    {
        _engine.Clock.Advance(TimeSpan.FromSeconds(1));
        var signedIn = await _engine.AuthorizeAsync(("prompt", "create"));
        var pending = await _engine.AuthorizeAsync(Engine.Request(("prompt", "create")), session: null).PendingAsync();

        Assert.Equal(EndpointPaths.Register, signedIn.Word());
        Assert.Equal(EndpointPaths.Register, await _engine.ReturnAsync(pending, _engine.Session).WordAsync());
        var created = _engine.NewSession("new");
        Assert.Equal(Outcomes.Code, await _engine.ReturnAsync(pending.After(created), created).WordAsync());
    }

    [Fact]
    public async Task Who_turns_from_registration_to_signing_in_is_not_sent_back()
    {
        var pending = await _engine.AuthorizeAsync(Engine.Request(("prompt", "create")), session: null).PendingAsync();
        var turned = pending with { RegistrationAnswered = true };

        Assert.Equal(EndpointPaths.SignIn, await _engine.ReturnAsync(turned, session: null).WordAsync());
        Assert.Equal(Outcomes.Code, await _engine.ReturnAsync(turned, _engine.NewSession("alice")).WordAsync());
    }

    [Fact]
    [Clause("OIDC Core", "3.1.2.1", "select_account: The Authorization Server SHOULD prompt the End-User to select a user account.")]
    public async Task Prompt_select_account_asks_once_and_only_the_page_answers()
    {
        _engine.Clock.Advance(TimeSpan.FromSeconds(1));
        var pending = await _engine.AuthorizeAsync(("prompt", "select_account")).PendingAsync();

        Assert.Equal(EndpointPaths.SelectAccount, await _engine.ReturnAsync(pending, _engine.Session).WordAsync());
        Assert.Equal(Outcomes.Code, await _engine.ReturnAsync(pending with { AccountSelected = true }, _engine.Session).WordAsync());
        var another = _engine.NewSession("bob");
        Assert.Equal(Outcomes.Code, await _engine.ReturnAsync(pending.After(another), another).WordAsync());
    }

    [Fact]
    public async Task Several_prompts_are_asked_one_after_the_other()
    {
        _engine.Clock.Advance(TimeSpan.FromSeconds(1));
        var pending = await _engine.AuthorizeAsync(("prompt", "consent select_account login")).PendingAsync();
        var session = SignedInAgain(_engine.Session);

        Assert.Equal(EndpointPaths.SignIn, await _engine.ReturnAsync(pending, _engine.Session).WordAsync());
        Assert.Equal(EndpointPaths.Consent, await _engine.ReturnAsync(pending.After(session), session).WordAsync());
        var answered = pending.After(session) with { Consent = new ConsentDecision(session.Id, Engine.DefaultClient.Scope) };
        Assert.Equal(Outcomes.Code, await _engine.ReturnAsync(answered, session).WordAsync());
    }

    [Theory]
    [Case(14)]
    [Clause("OIDC Core", "3.1.2.1", "max_age: If the elapsed time is greater than this value, the OP MUST attempt to actively re-authenticate the End-User.")]
    [InlineData("0", 0, EndpointPaths.SignIn)]
    [InlineData("1", 0, Outcomes.Code)]
    [InlineData("1", 1, Outcomes.Code)]
    [InlineData("1", 2, EndpointPaths.SignIn)]
    [InlineData("3600", 3600, Outcomes.Code)]
    [InlineData("3600", 3601, EndpointPaths.SignIn)]
    [InlineData("2147483647", 86400, Outcomes.Code)]
    [InlineData("000", 0, EndpointPaths.SignIn)]
    [InlineData(null, 86400, Outcomes.Code)]
    public async Task Session_older_than_max_age_is_asked_again(string? maxAge, int age, string expected)
    {
        _engine.Clock.Advance(TimeSpan.FromSeconds(age));

        Assert.Equal(expected, await _engine.AuthorizeAsync(("max_age", maxAge)).WordAsync());
        Assert.Equal(
            expected == Outcomes.Code ? Outcomes.Code : "login_required",
            await _engine.AuthorizeAsync(("max_age", maxAge), ("prompt", "none")).WordAsync());
    }

    [Fact]
    [Case(14)]
    public async Task Max_age_of_zero_is_met_by_signing_in_and_by_nothing_else()
    {
        var pending = await _engine.AuthorizeAsync(("max_age", "0")).PendingAsync();
        _engine.Clock.Advance(TimeSpan.FromSeconds(10));

        var old = _engine.Session with { AuthTime = pending.CreatedAt.AddSeconds(-1) };
        Assert.Equal(EndpointPaths.SignIn, await _engine.ReturnAsync(pending, old).WordAsync());
        var fresh = SignedInAgain(_engine.Session);
        _engine.Clock.Advance(TimeSpan.FromMinutes(10)); // reading the consent page is no reason to begin again
        Assert.Equal(Outcomes.Code, await _engine.ReturnAsync(pending.After(fresh), fresh).WordAsync());
    }

    [Theory]
    [Clause("OIDC Registration", "2", "default_max_age: Default Maximum Authentication Age ... The max_age request parameter overrides this default value.")]
    [InlineData(null, EndpointPaths.SignIn)]
    [InlineData("7200", Outcomes.Code)]
    public async Task Default_max_age_counts_when_none_was_sent(string? maxAge, string expected)
    {
        _engine.Register(Engine.DefaultClient with { DefaultMaxAge = TimeSpan.FromHours(1) });
        _engine.Clock.Advance(TimeSpan.FromMinutes(61));

        Assert.Equal(expected, await _engine.AuthorizeAsync(("max_age", maxAge)).WordAsync());
    }

    [Fact]
    [Case(29)]
    [Clause("RFC 6749", "4.1.2.1", "access_denied: The resource owner or authorization server denied the request.")]
    public async Task Denial_is_told_and_leaves_nothing_behind()
    {
        _engine.Register(Engine.DefaultClient with { RequireConsent = true });
        var pending = await _engine.AuthorizeAsync().PendingAsync();

        var response = await _engine.ReturnAsync(pending with { Denied = true }, _engine.Session).ResponseAsync();

        Assert.Equal(["error", "error_description", "state", "iss"], response.Parameters.Select(pair => pair.Key));
        Assert.Equal("access_denied", response.Find("error"));
        Assert.Empty(_engine.Grants.Grants);
        Assert.Empty(_engine.Consents.Consents);
    }

    [Fact]
    [Case(25)]
    public async Task One_flow_answered_twice_gives_two_codes_of_which_one_can_be_redeemed()
    {
        var pending = await _engine.AuthorizeAsync(Engine.Request(), session: null).PendingAsync();
        var session = _engine.NewSession("alice");
        var first = await _engine.ReturnAsync(pending, session).ResponseAsync();
        var second = await _engine.ReturnAsync(pending, session).ResponseAsync();

        Assert.NotEqual(first.Find("code"), second.Find("code"));
        Assert.True((await _engine.RedeemAsync(first.Find("code")!)).Succeeded);
        Assert.Equal("invalid_grant", (await _engine.RedeemAsync(second.Find("code")!)).Error!.Code);
        Assert.NotNull(Assert.Single(_engine.Grants.Grants.Values).RevokedAt);
    }
}
