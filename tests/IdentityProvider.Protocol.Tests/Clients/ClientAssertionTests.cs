using System.Text.Json.Nodes;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Tests.Jose;

namespace IdentityProvider.Protocol.Tests.Clients;

/// <summary><c>private_key_jwt</c>: RFC 7521 §4.2, RFC 7523 §3, OIDC Core §9.</summary>
public sealed class ClientAssertionTests : IDisposable
{
    private const string TokenEndpoint = "https://id.example/connect/token";

    private readonly Engine _engine = new();
    private readonly Assertions _assertions;

    public ClientAssertionTests()
    {
        _assertions = new Assertions(_engine);
        _engine.Register(Engine.DefaultClient, Assertions.Worker);
    }

    public void Dispose() => _engine.Dispose();

    [Theory]
    [Case(88)]
    [Clause("RFC 7523", "3", "The JWT MUST contain an aud (audience) claim containing a value that identifies the authorization server as an intended audience.")]
    [InlineData("\"https://id.example\"", "accepted")]
    [InlineData("\"https://id.example/connect/token\"", "accepted")]
    [InlineData("[\"https://id.example\"]", "accepted")]
    [InlineData("\"https://other.example\"", "invalid_client")]
    [InlineData("\"https://id.example/\"", "invalid_client")]
    [InlineData("\"https://ID.example\"", "invalid_client")]
    [InlineData("\"https://id.example/connect/introspect\"", "invalid_client")]
    [InlineData("\"worker\"", "invalid_client")]
    [InlineData("[\"https://id.example\",\"https://other.example\"]", "invalid_client")]
    [InlineData("[\"https://id.example\",\"https://id.example/connect/token\"]", "invalid_client")]
    [InlineData("[]", "invalid_client")]
    [InlineData("\"\"", "invalid_client")]
    [InlineData("5", "invalid_client")]
    [InlineData("{\"https://id.example\":1}", "invalid_client")]
    public async Task Audience_is_this_server_and_nobody_else(string audience, string expected) =>
        Assert.Equal(expected, await _assertions.PresentAsync(_assertions.Make(("aud", JsonNode.Parse(audience)))));

    [Theory]
    [Clause("RFC 7523", "3", "The JWT MUST contain an iss (issuer) claim ... For client authentication, the subject MUST be the client_id of the OAuth client.")]
    [InlineData("aud", null)]
    [InlineData("iss", null)]
    [InlineData("iss", "app")]
    [InlineData("iss", "https://id.example")]
    [InlineData("iss", "Worker")]
    [InlineData("sub", null)]
    [InlineData("sub", "app")]
    [InlineData("sub", "unknown")]
    [InlineData("sub", "")]
    [InlineData("jti", null)]
    [InlineData("jti", "")]
    [InlineData("exp", null)]
    public async Task Claim_that_is_missing_or_of_somebody_else_is_refused(string claim, string? value) =>
        Assert.Equal("invalid_client", await _assertions.PresentAsync(_assertions.Make((claim, value))));

    [Theory]
    [InlineData("exp", "60")]
    [InlineData("exp", null)]
    [InlineData("jti", 5)]
    [InlineData("iss", true)]
    [InlineData("nbf", "now")]
    [InlineData("iat", -1)]
    public async Task Claim_of_the_wrong_type_is_refused(string claim, object? value) =>
        Assert.Equal("invalid_client", await _assertions.PresentAsync(_assertions.Make((claim, JsonValue.Create(value)))));

    [Theory]
    [Clause("RFC 7523", "3", "The authorization server MUST reject any JWT with an expiration time that has passed, subject to allowable clock skew between systems.")]
    [InlineData("exp", 1, "accepted")]
    [InlineData("exp", -29, "accepted")]
    [InlineData("exp", -30, "invalid_client")]
    [InlineData("exp", 3600, "accepted")]
    [InlineData("exp", 3630, "accepted")]
    [InlineData("exp", 3631, "invalid_client")]
    [InlineData("exp", 253402300799d - 1767268800, "invalid_client")]
    [InlineData("nbf", 30, "accepted")]
    [InlineData("nbf", 31, "invalid_client")]
    [InlineData("iat", 30, "accepted")]
    [InlineData("iat", 31, "invalid_client")]
    [InlineData("iat", -86400, "accepted")]
    public async Task Times_are_kept_but_for_the_skew_of_clocks(string claim, double seconds, string expected) =>
        Assert.Equal(expected, await _assertions.PresentAsync(_assertions.Make((claim, _assertions.InSeconds(seconds)))));

    [Theory]
    [InlineData(255, "accepted")]
    [InlineData(256, "invalid_client")]
    public async Task Id_that_is_too_long_to_be_kept_is_refused(int length, string expected) =>
        Assert.Equal(expected, await _assertions.PresentAsync(_assertions.Make(("jti", new string('j', length)))));

    [Fact]
    [Case(89)]
    [Case(406)]
    [Clause("RFC 7523", "3", "The authorization server MAY ensure that JWTs are not replayed by maintaining the set of used jti values for the length of time for which the JWT would be considered valid")]
    public async Task Assertion_is_used_once_as_long_as_it_could_be_accepted()
    {
        var assertion = _assertions.Make();

        Assert.Equal("accepted", await _assertions.PresentAsync(assertion));
        Assert.Equal("invalid_client", await _assertions.PresentAsync(assertion));
        _engine.Clock.Advance(TimeSpan.FromSeconds(89));
        Assert.Equal("invalid_client", await _assertions.PresentAsync(assertion));
        Assert.Equal("accepted", await _assertions.PresentAsync(_assertions.Make()));
    }

    [Fact]
    [Case(89)]
    public async Task Of_sixteen_callers_with_one_assertion_one_is_accepted()
    {
        var assertion = _assertions.Make();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => _assertions.PresentAsync(assertion))));

        Assert.Single(answers, answer => answer == "accepted");
        Assert.Equal(15, answers.Count(answer => answer == "invalid_client"));
    }

    [Fact]
    public async Task Same_id_of_another_client_is_another_assertion()
    {
        _engine.Register(Assertions.Worker, Assertions.Worker with { ClientId = "twin" });

        Assert.Equal("accepted", await _assertions.PresentAsync(_assertions.Make(("jti", "1"))));
        Assert.Equal("accepted", await _assertions.PresentAsync(_assertions.Make(("jti", "1"), ("iss", "twin"), ("sub", "twin"))));
    }

    [Fact]
    public async Task Refused_assertion_uses_nothing_up()
    {
        Assert.Equal("invalid_client", await _assertions.PresentAsync(_assertions.Make(("jti", "1"), ("aud", "https://other.example"))));
        Assert.Equal("invalid_client", await _assertions.PresentAsync(_assertions.Make(TestCredentials.For("ES256"), "JWT", ("jti", "1"))));
        Assert.Equal("accepted", await _assertions.PresentAsync(_assertions.Make(("jti", "1"))));
    }

    [Theory]
    [Case(91)]
    [Clause("RFC 7521", "4.2", "client_assertion_type: REQUIRED. ... client_assertion: REQUIRED.")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("urn:ietf:params:oauth:client-assertion-type:saml2-bearer")]
    [InlineData("jwt-bearer")]
    public async Task Assertion_of_no_or_another_type_is_an_invalid_request(string? type) =>
        Assert.Equal("invalid_request", await _assertions.PresentAsync(_assertions.Make(), type));

    [Fact]
    [Case(91)]
    public async Task Type_without_an_assertion_is_an_invalid_request() => Assert.Equal("invalid_request", await _assertions.PresentAsync(null));

    [Theory]
    [Case(86)]
    [Clause("RFC 7521", "4.2", "The client_id is unnecessary for client assertion authentication ... if present, the value of client_id MUST identify the same client as is identified by the client assertion.")]
    [InlineData(null, "accepted")]
    [InlineData("worker", "accepted")]
    [InlineData("app", "invalid_client")]
    [InlineData("unknown", "invalid_client")]
    public async Task Client_id_beside_it_names_the_same_client(string? clientId, string expected) =>
        Assert.Equal(expected, await _assertions.PresentAsync(_assertions.Make(), clientId: clientId));

    [Theory]
    [Case(148)]
    [Clause("RFC 8725", "3.11", "Use Explicit Typing")]
    [InlineData("JWT", "accepted")]
    [InlineData("jwt", "accepted")]
    [InlineData("client-authentication+jwt", "accepted")]
    [InlineData("at+jwt", "invalid_client")]
    [InlineData("dpop+jwt", "invalid_client")]
    [InlineData("oauth-authz-req+jwt", "invalid_client")]
    [InlineData("logout+jwt", "invalid_client")]
    [InlineData("secevent+jwt", "invalid_client")]
    public async Task Jwt_made_for_something_else_is_no_assertion(string type, string expected) =>
        Assert.Equal(expected, await _assertions.PresentAsync(_assertions.Make(Assertions.Key, type)));

    [Fact]
    [Case(148)]
    public async Task What_we_signed_ourselves_is_no_assertion()
    {
        var ours = _engine.Get<ISigningKeys>().GetSigner(SigningAlgorithm.ES256);
        var idToken = (await _engine.RedeemAsync(await _engine.GetCodeAsync())).Value!.IdToken!;

        Assert.Equal("invalid_client", await _assertions.PresentAsync(_assertions.Make(ours, "JWT")));
        Assert.Equal("invalid_client", await _assertions.PresentAsync(idToken));
    }

    [Fact]
    public async Task Foreign_key_is_refused_whatever_it_is_called()
    {
        using var foreign = SigningCredential.Create(SigningAlgorithm.ES256, Assertions.Key.KeyId);

        Assert.Equal("invalid_client", await _assertions.PresentAsync(_assertions.Make(foreign, "JWT")));
    }

    [Theory]
    [Case(140)]
    [Clause("OIDC Registration", "2", "token_endpoint_auth_signing_alg: ... All Token Requests using these authentication methods from this Client MUST be rejected, if the JWT is not signed with this algorithm.")]
    [InlineData(null, "accepted", "accepted")]
    [InlineData("ES256", "accepted", "invalid_client")]
    [InlineData("RS256", "invalid_client", "accepted")]
    [InlineData("PS256", "invalid_client", "invalid_client")]
    public async Task Only_the_registered_algorithm_counts_when_there_is_one(string? registered, string elliptic, string rsa)
    {
        _engine.Register(Assertions.Worker with { TokenEndpointAuthSigningAlg = registered });

        Assert.Equal(elliptic, await _assertions.PresentAsync(_assertions.Make()));
        Assert.Equal(rsa, await _assertions.PresentAsync(_assertions.Make(TestCredentials.Rs256, "JWT")));
    }

    [Theory]
    [Case(149)]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("äöü.äöü.äöü")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ3b3JrZXIifQ.")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ3b3JrZXIifQ.AAAA")]
    public async Task Junk_is_no_assertion(string assertion) => Assert.Equal("invalid_client", await _assertions.PresentAsync(assertion));
}
