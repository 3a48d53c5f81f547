using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Tests.Clients;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Tests.Jose;

namespace IdentityProvider.Protocol.Tests.Authorization;

/// <summary>Requests that come as a signed JWT: RFC 9101, OIDC Core §6.</summary>
public sealed class RequestObjectTests : IDisposable
{
    private const string Invalid = "invalid_request_object";

    private readonly Engine _engine = new();

    public RequestObjectTests() => _engine.Register(RequestObjects.Client);

    public void Dispose() => _engine.Dispose();

    [Fact]
    [Clause("RFC 9101", "5", "The client MAY send the authorization request parameters included in the Request Object; client_id REQUIRED")]
    public async Task Signed_object_with_its_client_beside_it_is_a_request()
    {
        var response = await AskAsync(RequestObjects.Make()).ResponseAsync();

        Assert.Equal("af0ifjsldkj", response.Find("state"));
        Assert.Equal("app", response.SessionClientId);
        Assert.True((await _engine.RedeemAsync(response.Find("code")!)).Succeeded);
    }

    [Fact]
    [Case(194)]
    [Clause("RFC 9101", "6.3", "The authorization server MUST only use the parameters in the Request Object, even if the same parameter is provided in the query parameter.")]
    public async Task What_stands_beside_the_object_is_not_used()
    {
        var token = RequestObjects.Make(("scope", "openid"), ("nonce", "inside"), ("state", null), ("code_challenge", Engine.Challenge("inside")));
        var response = await AskAsync(
            token,
            ("scope", "openid orders.write"), ("state", "outside"), ("nonce", "outside"), ("prompt", "login"), ("max_age", "0"),
            ("redirect_uri", "https://evil.example/"), ("response_mode", "fragment"), ("code_challenge", Engine.Challenge("outside"))).ResponseAsync();

        var code = _engine.Get<Protocol.Token.AuthorizationCodes>().Open(response.Find("code")!)!;
        Assert.Equal(("openid", "inside"), (code.Scope.ToString(), code.Nonce));
        Assert.Equal((Engine.Callback, ResponseModes.Query, null), (response.RedirectUri, response.ResponseMode, response.Find("state")));
        Assert.Equal(Engine.Challenge("inside"), code.CodeChallenge);
    }

    [Fact]
    public async Task Numbers_objects_and_lists_of_resources_are_read()
    {
        var token = RequestObjects.Make(
            ("max_age", 100),
            ("claims", JsonNode.Parse("""{"id_token":{"name":{"essential":true}}}""")),
            ("resource", new JsonArray("https://orders.example")),
            ("scope", "openid profile orders.read"),
            ("login_hint", JsonValue.Create((string?)null)));
        var code = _engine.Get<Protocol.Token.AuthorizationCodes>().Open((await AskAsync(token).ResponseAsync()).Find("code")!)!;

        Assert.Equal("""{"id_token":{"name":null}}""", code.RequestedClaims);
        Assert.Equal(["https://orders.example"], code.Resources);
        _engine.Clock.Advance(TimeSpan.FromSeconds(101));
        Assert.Equal(EndpointPaths.SignIn, await AskAsync(token).WordAsync());
    }

    [Theory]
    [Clause("RFC 9101", "6.3", "The client ID values in the client_id request parameter and in the Request Object client_id claim MUST be identical.")]
    [Clause("RFC 9101", "4", "request and request_uri parameters MUST NOT be included in Request Objects.")]
    [Case(193)]
    [InlineData("client_id", null)]
    [InlineData("client_id", "\"other\"")]
    [InlineData("client_id", "[\"app\"]")]
    [InlineData("iss", "\"other\"")]
    [InlineData("aud", "\"https://other.example\"")]
    [InlineData("aud", "\"https://id.example/\"")]
    [InlineData("sub", "\"app\"")]
    [InlineData("request", "\"x\"")]
    [InlineData("request_uri", "\"https://app.example/request.jwt\"")]
    [InlineData("scope", "[\"openid\"]")]
    [InlineData("prompt", "[\"login\"]")]
    [InlineData("response_type", "\"token\"")]
    [InlineData("response_type", null)]
    [InlineData("exp", "1")]
    [InlineData("exp", "\"tomorrow\"")]
    [InlineData("nbf", "9999999999")]
    public async Task Object_that_says_the_wrong_thing_is_invalid(string member, string? json) => Assert.Equal(
        Invalid,
        await AskAsync(
            RequestObjects.Make((member, json is null ? null : JsonNode.Parse(json))),
            ("response_type", "code"), ("redirect_uri", Engine.Callback)).WordAsync());

    [Theory]
    [InlineData("iss")]
    [InlineData("aud")]
    [InlineData("exp")]
    public async Task Claims_that_should_be_there_may_be_missing(string claim) =>
        Assert.Equal(Outcomes.Code, await AskAsync(RequestObjects.Make((claim, null))).WordAsync());

    [Theory]
    [Clause("OIDC Core", "6.1", "aud value SHOULD be or include the OP's Issuer Identifier URL.")]
    [Clause("RFC 9101", "10.8", "explicit typing ... oauth-authz-req+jwt")]
    [InlineData("oauth-authz-req+jwt", Outcomes.Code)]
    [InlineData("application/oauth-authz-req+jwt", Outcomes.Code)]
    [InlineData("JWT", Outcomes.Code)]
    [InlineData("client-authentication+jwt", Invalid)]
    [InlineData("at+jwt", Invalid)]
    [InlineData("dpop+jwt", Invalid)]
    public async Task Type_tells_request_objects_from_other_tokens(string type, string outcome) => Assert.Equal(
        outcome,
        await AskAsync(RequestObjects.Make(RequestObjects.Key, type, ("aud", new JsonArray(Engine.Issuer, "https://other.example"))), ("redirect_uri", Engine.Callback))
            .WordAsync());

    [Fact]
    [Case(148)]
    [Case(193)]
    public async Task Client_assertion_is_no_request_object_and_a_request_object_is_no_client_assertion()
    {
        var client = RequestObjects.Client with { TokenEndpointAuthMethod = ClientAuthenticationMethods.PrivateKeyJwt };
        _engine.Register(client);
        var soon = _engine.Clock.GetUtcNow().AddMinutes(1).ToUnixTimeSeconds();
        (string, JsonNode?)[] both = [("jti", "1"), ("exp", soon)];
        var assertion = RequestObjects.Make(RequestObjects.Key, "JWT", [.. both, ("sub", "app")]);
        var typed = RequestObjects.Make([.. both]);
        var untyped = RequestObjects.Make(RequestObjects.Key, "JWT", [.. both]);

        Assert.Equal(Invalid, await AskAsync(assertion, ("redirect_uri", Engine.Callback)).WordAsync());
        foreach (var requestObject in new[] { typed, untyped })
        {
            Assert.Equal(Outcomes.Code, await AskAsync(requestObject).WordAsync());
            Assert.Equal("invalid_client", await new Assertions(_engine).PresentAsync(requestObject));
        }
    }

    [Theory]
    [Clause("RFC 9101", "4", "The Authorization Request Object MUST be either ... signed [or] signed and encrypted")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJjbGllbnRfaWQiOiJhcHAiLCJyZXNwb25zZV90eXBlIjoiY29kZSJ9.")]
    [InlineData("eyJ")]
    [InlineData("a.b.c.d.e")]
    [InlineData("ä")]
    public async Task Object_without_a_signature_is_invalid(string token) =>
        Assert.Equal(Invalid, await AskAsync(token, ("redirect_uri", Engine.Callback)).WordAsync());

    [Fact]
    public async Task Object_signed_by_nobody_we_know_is_invalid()
    {
        var foreign = RequestObjects.Make(TestCredentials.Rs256, "JWT");
        _engine.Register(RequestObjects.Client, Assertions.Worker);

        Assert.Equal(Invalid, await AskAsync(foreign, ("redirect_uri", Engine.Callback)).WordAsync());
        _engine.Register(RequestObjects.Client with { Jwks = null });
        Assert.Equal(Invalid, await AskAsync(RequestObjects.Make(), ("redirect_uri", Engine.Callback)).WordAsync());
    }

    [Theory]
    [InlineData("ES256", Outcomes.Code)]
    [InlineData("PS256", Invalid)]
    public async Task Registered_algorithm_is_the_only_one(string registered, string outcome)
    {
        _engine.Register(RequestObjects.Client with { RequestObjectSigningAlg = registered });

        Assert.Equal(outcome, await AskAsync(RequestObjects.Make(), ("redirect_uri", Engine.Callback)).WordAsync());
    }

    [Fact]
    public async Task Error_of_an_object_goes_to_a_registered_address_beside_it_or_to_our_page()
    {
        var told = await AskAsync("eyJ", ("redirect_uri", Engine.Callback), ("state", "s")).ResponseAsync();

        Assert.Equal((Engine.Callback, "s"), (told.RedirectUri, told.Find("state")));
        Assert.Equal(Outcomes.Refused, await AskAsync("eyJ", ("redirect_uri", "https://evil.example/"), ("scope", "openid")).WordAsync());
        Assert.Equal(Outcomes.Refused, await AskAsync(RequestObjects.Make(("redirect_uri", "https://evil.example/"))).WordAsync());
        Assert.Equal(Outcomes.Refused, await _engine.AuthorizeAsync([new("client_id", "nobody"), new("request", RequestObjects.Make())], _engine.Session).WordAsync());
    }

    [Fact]
    [Clause("RFC 9101", "5", "request and request_uri ... MUST NOT be used together")]
    public async Task Object_by_value_and_by_reference_at_once_is_an_invalid_request() => Assert.Equal(
        "invalid_request",
        await AskAsync(RequestObjects.Make(), ("request_uri", RequestObjects.Address), ("redirect_uri", Engine.Callback)).WordAsync());

    [Fact]
    public async Task Object_is_fetched_from_its_registered_address()
    {
        _engine.KeyFetcher.Documents[RequestObjects.Address] = Encoding.ASCII.GetBytes(RequestObjects.Make() + "\n");

        Assert.Equal(Outcomes.Code, await AskByReferenceAsync(RequestObjects.Address).WordAsync());
    }

    [Theory]
    [Case(196)]
    [Clause("OIDC Core", "6.2", "The request_uri value MUST be either ... pre-registered")]
    [InlineData("https://app.example/other.jwt")]
    [InlineData("http://app.example/request.jwt")]
    [InlineData("https://app.example/request.jwt#hash")]
    [InlineData("https://app.example/request.jwt?x=1")]
    [InlineData("https://user@app.example/request.jwt")]
    [InlineData("https://APP.example/request.jwt")]
    [InlineData("https://app.example/a/../request.jwt")]
    [InlineData("urn:ietf:params:oauth:request_uri:1")]
    public async Task Nothing_is_fetched_from_an_address_that_is_not_registered(string address)
    {
        _engine.KeyFetcher.Documents[address] = Encoding.ASCII.GetBytes(RequestObjects.Make());

        Assert.Equal("invalid_request_uri", await AskByReferenceAsync(address).WordAsync());
        Assert.Equal(0, _engine.KeyFetcher.Fetches);
    }

    [Fact]
    [Case(196)]
    [Clause("OIDC Core", "6.2", "the URI SHOULD include the base64url-encoded SHA-256 hash of the referenced resource contents as the fragment component")]
    public async Task Hash_added_to_a_registered_address_is_that_of_what_stands_there()
    {
        var document = Encoding.ASCII.GetBytes(RequestObjects.Make());
        var address = $"{RequestObjects.Address}#{Hash(document)}";
        _engine.KeyFetcher.Documents[address] = document;

        Assert.Equal(Outcomes.Code, await AskByReferenceAsync(address).WordAsync());

        _engine.KeyFetcher.Documents[address] = Encoding.ASCII.GetBytes(RequestObjects.Make(("state", "exchanged")));

        Assert.Equal("invalid_request_uri", await AskByReferenceAsync(address).WordAsync());
    }

    [Fact]
    [Case(196)]
    [Clause("OIDC Registration", "2", "request_uris: If the fragment value used for a URI changes, that signals the server that its cached value for that URI with the old fragment value is no longer valid.")]
    public async Task Address_registered_with_a_fragment_has_no_other_and_no_fixed_contents()
    {
        var document = Encoding.ASCII.GetBytes(RequestObjects.Make());
        var (registered, other) = ($"{RequestObjects.Address}#{Hash("before"u8)}", $"{RequestObjects.Address}#{Hash(document)}");
        _engine.Register(RequestObjects.Client with { RequestUris = [registered] });
        _engine.KeyFetcher.Documents[registered] = _engine.KeyFetcher.Documents[other] = document;

        Assert.Equal("invalid_request_uri", await AskByReferenceAsync(other).WordAsync());
        Assert.Equal("invalid_request_uri", await AskByReferenceAsync(RequestObjects.Address).WordAsync());
        Assert.Equal(0, _engine.KeyFetcher.Fetches);
        Assert.Equal(Outcomes.Code, await AskByReferenceAsync(registered).WordAsync());
        Assert.Equal(1, _engine.KeyFetcher.Fetches);
    }

    [Theory]
    [InlineData("https://app.example/requests/1.jwt")]
    [InlineData("https://app.example/requests/2026/1.jwt?version=2")]
    [InlineData("https://app.example/requests/")]
    public async Task Object_is_fetched_from_where_a_registered_prefix_begins(string address)
    {
        _engine.Register(RequestObjects.Client with { RequestUriPrefixes = ["https://app.example/requests/"] });
        _engine.KeyFetcher.Documents[address] = Encoding.ASCII.GetBytes(RequestObjects.Make());

        Assert.Equal(Outcomes.Code, await AskByReferenceAsync(address).WordAsync());
    }

    [Theory]
    [Case(196)]
    [InlineData("https://app.example/requests")]
    [InlineData("https://app.example/Requests/1.jwt")]
    [InlineData("https://app.example/requests/../secret.jwt")]
    [InlineData("https://app.example/requests/%2e%2e/secret.jwt")]
    [InlineData("https://app.example/requests/..%2fsecret.jwt")]
    [InlineData("https://app.example/requests/%252e%252e/secret.jwt")]
    [InlineData("https://app.example/requests/..;/secret.jwt")]
    [InlineData("https://app.example/requests/..\\secret.jwt")]
    [InlineData("https://app.example/requests/1.jwt#hash")]
    [InlineData("https://app.example/requests/a b")]
    [InlineData("https://app.example/requests/\u0131")]
    [InlineData("https://app.example.evil.example/requests/1.jwt")]
    [InlineData("https://app.example@evil.example/requests/1.jwt")]
    public async Task Nothing_is_fetched_from_beside_a_registered_prefix(string address)
    {
        _engine.Register(RequestObjects.Client with { RequestUriPrefixes = ["https://app.example/requests/"] });
        _engine.KeyFetcher.Documents[address] = Encoding.ASCII.GetBytes(RequestObjects.Make());

        Assert.Equal("invalid_request_uri", await AskByReferenceAsync(address).WordAsync());
        Assert.Equal(0, _engine.KeyFetcher.Fetches);
    }

    [Theory]
    [InlineData(null, "invalid_request_uri")]
    [InlineData("<html>", Invalid)]
    [InlineData("", Invalid)]
    public async Task What_cannot_be_fetched_or_read_is_told(string? document, string error)
    {
        _engine.KeyFetcher.Documents[RequestObjects.Address] = document is null ? null : Encoding.UTF8.GetBytes(document);

        Assert.Equal(error, await AskByReferenceAsync(RequestObjects.Address).WordAsync());
    }

    [Fact]
    public async Task Person_may_take_longer_than_the_object_lives_and_it_is_not_fetched_again()
    {
        var soon = _engine.Clock.GetUtcNow().AddSeconds(10).ToUnixTimeSeconds();
        _engine.KeyFetcher.Documents[RequestObjects.Address] = Encoding.ASCII.GetBytes(RequestObjects.Make(("exp", soon)));
        var pending = await _engine.AuthorizeAsync(
            RequestObjects.Beside(("request_uri", RequestObjects.Address)), session: null).PendingAsync();
        _engine.Clock.Advance(TimeSpan.FromMinutes(5));

        var response = await _engine.ReturnAsync(pending, _engine.NewSession("alice")).ResponseAsync();

        Assert.Equal("af0ifjsldkj", response.Find("state"));
        Assert.Equal(1, _engine.KeyFetcher.Fetches);
        Assert.DoesNotContain(pending.Parameters, pair => pair.Key is "request" or "request_uri" or "iss" or "aud" or "exp");
    }

    private static string Hash(ReadOnlySpan<byte> document) => Base64Url.EncodeToString(SHA256.HashData(document));

    private Task<AuthorizationOutcome> AskAsync(string token, params (string Name, string Value)[] beside) =>
        _engine.AuthorizeAsync(RequestObjects.Beside([("request", token), .. beside]), _engine.Session);

    private Task<AuthorizationOutcome> AskByReferenceAsync(string address) => _engine.AuthorizeAsync(
        RequestObjects.Beside(("request_uri", address), ("redirect_uri", Engine.Callback)), _engine.Session);
}
