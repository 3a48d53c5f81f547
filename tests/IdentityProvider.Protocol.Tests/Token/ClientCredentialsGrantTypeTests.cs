using System.Security.Cryptography;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Tests.Token;

public sealed class ClientCredentialsGrantTypeTests : IDisposable
{
    private readonly Engine _engine = new();

    public ClientCredentialsGrantTypeTests() => _engine.Register(Service);

    private static Client Service { get; } = new()
    {
        ClientId = "service",
        GrantTypes = [GrantTypeNames.ClientCredentials],
        TokenEndpointAuthMethod = ClientAuthenticationMethods.ClientSecretPost,
        Secrets = [new ClientSecret(SHA256.HashData("s"u8), ExpiresAt: null)],
        Scope = ScopeSet.Of("openid", "profile", "offline_access", "orders.read", "stock.read"),
        Status = new StatusReference(0, 7),
    };

    public void Dispose() => _engine.Dispose();

    private async Task<(string? Error, string? Scope, System.Text.Json.JsonElement Payload)> AskAsync(string? scope = null, string? resource = null)
    {
        var answer = await _engine.TokenAsync(
            ("grant_type", "client_credentials"), ("client_id", "service"), ("client_secret", "s"), ("scope", scope), ("resource", resource));
        return answer.Succeeded
            ? (null, answer.Value.Scope.ToString(), Engine.Payload(answer.Value.AccessToken))
            : (answer.Error.Code, null, default);
    }

    [Fact]
    public async Task Token_speaks_of_the_client_and_of_no_person()
    {
        var (_, scope, payload) = await AskAsync("orders.read");

        Assert.Equal("orders.read", scope);
        Assert.Equal("service", payload.GetProperty("sub").GetString());
        Assert.Equal("https://orders.example", payload.GetProperty("aud").GetString());
        Assert.Equal(7, payload.GetProperty("status").GetProperty("status_list").GetProperty("idx").GetInt32());
        Assert.Equal(
            "https://id.example/connect/statuslists/0",
            payload.GetProperty("status").GetProperty("status_list").GetProperty("uri").GetString());
        foreach (var claim in new[] { "sid", "auth_time", "amr", "acr" })
        {
            Assert.False(payload.TryGetProperty(claim, out _));
        }
    }

    [Fact]
    public async Task Nothing_is_read_and_nothing_is_written()
    {
        await AskAsync();

        Assert.Equal((0, 0), (_engine.Grants.Reads, _engine.Grants.Writes));
    }

    [Fact]
    public async Task Without_scope_the_client_gets_all_that_is_for_services()
    {
        var (_, scope, payload) = await AskAsync();

        Assert.Equal("orders.read stock.read", scope);
        Assert.Equal(2, payload.GetProperty("aud").GetArrayLength());
    }

    [Theory]
    [Case(100)]
    [InlineData("openid")]
    [InlineData("offline_access")]
    [InlineData("profile")]
    [InlineData("orders.write")]
    [InlineData("orders.read unknown")]
    public async Task Scope_of_people_or_of_others_is_invalid_scope(string scope) => Assert.Equal("invalid_scope", (await AskAsync(scope)).Error);

    [Fact]
    public async Task Resource_chooses_audience_scope_and_algorithm()
    {
        var (_, scope, payload) = await AskAsync(resource: "https://stock.example");

        Assert.Equal("stock.read", scope);
        Assert.Equal("https://stock.example", payload.GetProperty("aud").GetString());
    }

    [Theory]
    [Case(34)]
    [InlineData("orders.read", "https://stock.example")]
    [InlineData(null, "https://unknown.example")]
    [InlineData(null, "https://orders.example#x")]
    public async Task Api_to_which_no_scope_of_it_belongs_is_no_audience(string? scope, string resource) =>
        Assert.Equal("invalid_target", (await AskAsync(scope, resource)).Error);

    [Fact]
    [Clause("RFC 6749", "3.3", "If the client omits the scope parameter ... the authorization server MUST either process the request using a pre-defined default value or fail the request indicating an invalid scope.")]
    public async Task Client_that_may_have_nothing_for_itself_gets_nothing()
    {
        _engine.Register(Service with { Scope = ScopeSet.Of("openid", "profile") });

        Assert.Equal("invalid_scope", (await AskAsync()).Error);
        Assert.Equal("invalid_scope", (await AskAsync(" ")).Error);
    }

    [Fact]
    [Case(101)]
    public async Task Disabled_service_is_no_client()
    {
        _engine.Register(Service with { Enabled = false });

        Assert.Equal("invalid_client", (await AskAsync()).Error);
    }

    [Fact]
    public async Task Api_that_wants_es256_gets_es256()
    {
        var answer = await _engine.TokenAsync(
            ("grant_type", "client_credentials"), ("client_id", "service"), ("client_secret", "s"), ("scope", "stock.read"));

        Assert.Equal("ES256", JwtPeek.Find(answer.Value!.AccessToken)!.UnverifiedAlgorithm);
        Assert.NotNull(_engine.Get<AccessTokenReader>().Read(answer.Value.AccessToken));
    }

    [Theory]
    [Case(97)]
    [InlineData(null, "invalid_request")]
    [InlineData("password", "unsupported_grant_type")]
    [InlineData("urn:example:none", "unsupported_grant_type")]
    [InlineData("authorization_code", "unauthorized_client")]
    public async Task Grant_type_must_be_known_and_allowed(string? grantType, string error)
    {
        var answer = await _engine.TokenAsync(("grant_type", grantType), ("client_id", "service"), ("client_secret", "s"));

        Assert.Equal(error, answer.Error!.Code);
    }

    [Fact]
    [Clause("RFC 6749", "4.4", "The client credentials grant type MUST only be used by confidential clients")]
    public async Task Public_client_has_no_credentials_to_be_granted_by()
    {
        _engine.Register(Service with { TokenEndpointAuthMethod = ClientAuthenticationMethods.None });

        var answer = await _engine.TokenAsync(("grant_type", "client_credentials"), ("client_id", "service"));

        Assert.Equal("unauthorized_client", answer.Error!.Code);
    }
}
