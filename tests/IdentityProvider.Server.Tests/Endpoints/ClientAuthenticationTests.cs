using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Endpoints;

/// <summary><c>private_key_jwt</c> at every endpoint that authenticates clients.</summary>
public sealed class ClientAuthenticationTests : IClassFixture<ServerFixture>, IDisposable
{
    private readonly ServerFixture _server;
    private readonly SigningCredential _key = SigningCredential.Create(SigningAlgorithm.ES256);
    private readonly Client _client;

    public ClientAuthenticationTests(ServerFixture server)
    {
        _server = server;
        using var keys = new MemoryStream();
        using (var json = new System.Text.Json.Utf8JsonWriter(keys))
        {
            new JsonWebKeySet([_key.PublicJwk]).WritePublicTo(json);
        }

        _client = server.Register(TestClients.Worker() with
        {
            TokenEndpointAuthMethod = ClientAuthenticationMethods.PrivateKeyJwt,
            Secrets = [],
            Jwks = System.Text.Encoding.UTF8.GetString(keys.ToArray()),
            IntrospectionAudiences = [ServerFixture.OrdersApi],
        });
    }

    [Fact]
    [Clause("RFC 7523", "3", "The JWT MUST be digitally signed or have a Message Authentication Code (MAC) applied by the issuer")]
    public async Task Signed_assertion_is_good_at_token_introspection_and_revocation()
    {
        var token = (await SendAsync("/connect/token", Assertion(), ("grant_type", "client_credentials"))).AccessToken;

        Assert.True((await SendAsync("/connect/introspect", Assertion(), ("token", token))).Json.GetProperty("active").GetBoolean());
        Assert.Equal(200, (await SendAsync("/connect/revoke", Assertion(), ("token", "unknown"))).Status);
    }

    [Fact]
    [Case(89)]
    public async Task Assertion_is_good_once_whatever_the_endpoint()
    {
        var assertion = Assertion();
        Assert.Equal(200, (await SendAsync("/connect/token", assertion, ("grant_type", "client_credentials"))).Status);

        Assert.Equal((401, "invalid_client"), (await SendAsync("/connect/token", assertion, ("grant_type", "client_credentials"))).StatusAndError);
        Assert.Equal((401, "invalid_client"), (await SendAsync("/connect/introspect", assertion, ("token", "x"))).StatusAndError);
    }

    [Fact]
    [Case(88)]
    public async Task Assertion_for_another_server_is_refused()
    {
        var answer = await SendAsync("/connect/token", Assertion("https://other.example"), ("grant_type", "client_credentials"));

        Assert.Equal((401, "invalid_client"), answer.StatusAndError);
    }

    [Fact]
    public async Task Assertion_stands_in_no_log()
    {
        var assertion = Assertion("https://other.example");

        await SendAsync("/connect/token", assertion, ("grant_type", "client_credentials"));

        Assert.DoesNotContain(assertion.Split('.')[2], _server.Logs.AllText, StringComparison.Ordinal);
    }

    public void Dispose() => _key.Dispose();

    private string Assertion(string audience = ServerFixture.Issuer) => JwtWriter.Write(
        _key,
        "JWT",
        (_client.ClientId, Audience: audience, Expiry: _server.Clock.GetUtcNow().AddMinutes(1)),
        static (json, claims) =>
        {
            json.WriteString("iss", claims.ClientId);
            json.WriteString("sub", claims.ClientId);
            json.WriteString("aud", claims.Audience);
            json.WriteString("jti", Guid.NewGuid().ToString("N"));
            json.WriteNumber("iat", claims.Expiry.AddMinutes(-1).ToUnixTimeSeconds());
            json.WriteNumber("exp", claims.Expiry.ToUnixTimeSeconds());
        });

    private Task<Answer> SendAsync(string path, string assertion, params (string Name, string Value)[] parameters)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(
            [
                new("client_assertion_type", AssertionAuthentication.AssertionType),
                new("client_assertion", assertion),
                .. parameters.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)),
            ]),
        };
        return _server.SendAsync(request);
    }
}
