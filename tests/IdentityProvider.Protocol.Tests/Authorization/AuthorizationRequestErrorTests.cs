using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tests.InMemory;

namespace IdentityProvider.Protocol.Tests.Authorization;

/// <summary>What is wrong with a request is told to the client in the registered word: RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6.</summary>
public sealed class AuthorizationRequestErrorTests : IDisposable
{
    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [Case(1)]
    [Clause("RFC 6749", "4.1.2.1", "If ... the client identifier is missing or invalid ... MUST NOT automatically redirect the user agent")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("unknown")]
    [InlineData("disabled")]
    [InlineData("APP")]
    [InlineData("app ")]
    [InlineData("app\0")]
    [InlineData("<script>")]
    public async Task Client_that_is_not_known_is_told_to_the_person(string? clientId)
    {
        _engine.Register(Engine.DefaultClient, Engine.DefaultClient with { ClientId = "disabled", Enabled = false });

        Assert.Equal(Outcomes.Refused, await _engine.AuthorizeAsync(("client_id", clientId)).WordAsync());
    }

    [Fact]
    [Case(1)]
    public async Task Unknown_and_disabled_clients_are_answered_alike()
    {
        _engine.Register(Engine.DefaultClient with { ClientId = "off", Enabled = false });
        var unknown = await _engine.AuthorizeAsync(("client_id", "xyz"));
        var disabled = await _engine.AuthorizeAsync(("client_id", "off"));

        var descriptions = new[] { unknown, disabled }.Select(outcome => Assert.IsType<Protocol.Authorization.AuthorizationOutcome.Refuse>(outcome).Error);
        Assert.Single(descriptions.Select(error => (error.Code, error.Description)).Distinct());
    }

    [Theory]
    [Case(4)]
    [Clause("RFC 9700", "2.1.2", "clients SHOULD NOT use the implicit grant (response type token)")]
    [InlineData(null, "invalid_request")]
    [InlineData("", "invalid_request")]
    [InlineData("token", "unsupported_response_type")]
    [InlineData("id_token", "unsupported_response_type")]
    [InlineData("code token", "unsupported_response_type")]
    [InlineData("code id_token", "unsupported_response_type")]
    [InlineData("code code", "unsupported_response_type")]
    [InlineData("none", "unsupported_response_type")]
    [InlineData("CODE", "unsupported_response_type")]
    [InlineData(" code", "unsupported_response_type")]
    [InlineData("junk", "unsupported_response_type")]
    public async Task Only_response_type_code_is_answered_with_a_code(string? responseType, string error)
    {
        var response = await _engine.AuthorizeAsync(("response_type", responseType)).ResponseAsync();

        Assert.Equal((error, "query"), (response.Find("error"), response.ResponseMode));
        Assert.DoesNotContain(response.Parameters, pair => pair.Key is "code" or "access_token" or "id_token");
    }

    [Fact]
    [Case(4)]
    public async Task Client_without_the_grant_type_is_unauthorized()
    {
        _engine.Register(
            Engine.ConfidentialClient with { ClientId = "one", GrantTypes = [GrantTypeNames.ClientCredentials] },
            Engine.DefaultClient with { ClientId = "two", ResponseTypes = [] });

        Assert.Equal("unauthorized_client", await _engine.AuthorizeAsync(("client_id", "one")).WordAsync());
        Assert.Equal("unauthorized_client", await _engine.AuthorizeAsync(("client_id", "two")).WordAsync());
    }

    [Fact]
    [Case(5)]
    public async Task What_the_client_lost_meanwhile_is_not_given_when_the_request_returns()
    {
        var pending = await _engine.AuthorizeAsync(Engine.Request(), session: null).PendingAsync();
        _engine.Register(Engine.DefaultClient with { ResponseTypes = [] });

        Assert.Equal("unauthorized_client", await _engine.ReturnAsync(pending, _engine.NewSession("alice")).WordAsync());
    }

    [Theory]
    [Case(7)]
    [Clause("RFC 6749", "3.1", "Request and response parameters MUST NOT be included more than once.")]
    [InlineData("scope", "openid")]
    [InlineData("nonce", "n")]
    [InlineData("response_type", "code")]
    [InlineData("response_mode", "query")]
    [InlineData("code_challenge", "x")]
    [InlineData("code_challenge_method", "S256")]
    [InlineData("prompt", "none")]
    [InlineData("max_age", "1")]
    [InlineData("claims", "{}")]
    [InlineData("unheard_of", "1")]
    public async Task Doubled_parameter_is_an_invalid_request(string name, string value)
    {
        var pairs = Engine.Request((name, value)).Append(new(name, value));
        var response = await _engine.AuthorizeAsync(pairs, _engine.Session).ResponseAsync();

        Assert.Equal(("invalid_request", "af0ifjsldkj"), (response.Find("error"), response.Find("state")));
    }

    [Fact]
    [Case(7)]
    public async Task Doubled_state_does_not_come_back_at_all()
    {
        var response = await _engine.AuthorizeAsync(Engine.Request().Append(new("state", "other")), _engine.Session).ResponseAsync();

        Assert.Equal(("invalid_request", null), (response.Find("error"), response.Find("state")));
    }

    [Fact]
    [Case(7)]
    public async Task Doubled_client_id_is_no_client() =>
        Assert.Equal(Outcomes.Refused, await _engine.AuthorizeAsync(Engine.Request().Append(new("client_id", "app")), _engine.Session).WordAsync());

    [Theory]
    [Clause("RFC 6749", "3.1", "Parameters sent without a value MUST be treated as if they were omitted ... MUST ignore unrecognized request parameters")]
    [InlineData("prompt", "")]
    [InlineData("max_age", "")]
    [InlineData("claims", "")]
    [InlineData("id_token_hint", "")]
    [InlineData("request", "")]
    [InlineData("resource", "")]
    [InlineData("unheard_of", "x")]
    [InlineData("ui_locales", "de en")]
    [InlineData("claims_locales", "de en")]
    [InlineData("login_hint", "alice@example.com")]
    [InlineData("acr_values", "urn:example:none")]
    [InlineData("display", "popup")]
    public async Task Empty_and_unknown_parameters_change_nothing(string name, string value) =>
        Assert.Equal(Outcomes.Code, await _engine.AuthorizeAsync((name, value)).WordAsync());

    [Fact]
    [Clause("OIDC Core", "3.1.2.6", "registration_not_supported: The OP does not support use of the registration parameter")]
    public async Task Registration_within_a_request_is_refused_in_its_own_words() =>
        Assert.Equal("registration_not_supported", await _engine.AuthorizeAsync(("registration", "{}")).WordAsync());

    [Theory]
    [InlineData("PAGE")]
    [InlineData("window")]
    public async Task Unknown_display_is_an_invalid_request(string display) =>
        Assert.Equal("invalid_request", await _engine.AuthorizeAsync(("display", display)).WordAsync());

    [Theory]
    [Clause("OIDC Core", "3.1.2.1", "If this parameter contains none with any other value, an error is returned.")]
    [InlineData("none login")]
    [InlineData("consent none")]
    [InlineData("None")]
    [InlineData("create_account")]
    [InlineData("login,consent")]
    public async Task Unknown_or_contradictory_prompt_is_an_invalid_request(string prompt) =>
        Assert.Equal("invalid_request", await _engine.AuthorizeAsync(("prompt", prompt)).WordAsync());

    [Theory]
    [Case(13)]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1.5")]
    [InlineData("abc")]
    [InlineData("1e9")]
    [InlineData("0x10")]
    [InlineData("１")]
    [InlineData("2147483648")]
    [InlineData("1000000000000000000000000000000")]
    public async Task Max_age_that_is_no_number_of_seconds_is_an_invalid_request(string maxAge) =>
        Assert.Equal("invalid_request", await _engine.AuthorizeAsync(("max_age", maxAge)).WordAsync());

    [Theory]
    [Case(19)]
    [Clause("OIDC Core", "3.1.2.1", "Scope values used that are not understood by an implementation SHOULD be ignored.")]
    [Clause("RFC 6749", "4.1.2.1", "invalid_scope: The requested scope is invalid, unknown, or malformed.")]
    [InlineData("openid orders.read unheard.of", Outcomes.Code)]
    [InlineData("orders.read unheard.of", "invalid_scope")]
    [InlineData("openid stock.read", "invalid_scope")]
    [InlineData("stock.read", "invalid_scope")]
    [InlineData("openid orders.read\"", "invalid_scope")]
    [InlineData("openid örders", "invalid_scope")]
    [InlineData("OPENID", "invalid_scope")]
    [InlineData("openid\torders.read", "invalid_scope")]
    [InlineData(" ", "invalid_scope")]
    [InlineData("", "invalid_scope")]
    [InlineData(null, "invalid_scope")]
    public async Task Scope_is_known_and_allowed_or_refused(string? scope, string expected) =>
        Assert.Equal(expected, await _engine.AuthorizeAsync(("scope", scope)).WordAsync());

    [Fact]
    [Case(19)]
    public async Task Unknown_scope_of_an_openid_request_is_never_granted()
    {
        var answer = await _engine.RedeemAsync(await _engine.GetCodeAsync(("scope", "openid orders.read unheard.of")));

        Assert.Equal("openid orders.read", answer.Value!.Scope.ToString());
    }

    [Fact]
    [Case(17)]
    public async Task More_scopes_than_anyone_needs_are_refused_unread()
    {
        var many = string.Join(' ', Enumerable.Range(0, 101).Select(number => "s" + number));

        Assert.Equal("invalid_scope", await _engine.AuthorizeAsync(("scope", "openid " + many)).WordAsync());
    }

    [Theory]
    [Clause("OIDC Core", "11", "The Authorization Server MUST ignore the offline_access request unless the Client is using a response_type value that would result in an Authorization Code being returned")]
    [InlineData("openid offline_access", Outcomes.Code)]
    [InlineData("offline_access", "invalid_scope")]
    public async Task Offline_access_is_ignored_where_no_refresh_token_would_come_of_it(string scope, string expected)
    {
        _engine.Register(Engine.DefaultClient with { GrantTypes = [GrantTypeNames.AuthorizationCode] });

        Assert.Equal(expected, await _engine.AuthorizeAsync(("scope", scope)).WordAsync());
    }
}
