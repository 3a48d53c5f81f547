using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Endpoints;

public sealed class CrossOriginTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Spa = "https://app.example";

    private async Task<Answer> SendAsync(HttpMethod method, string path, string origin)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Origin", origin);
        if (method == HttpMethod.Options)
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "authorization");
        }

        return await server.SendAsync(request);
    }

    [Theory]
    [Case(430)]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/jwks.json")]
    public async Task Public_documents_are_readable_by_everyone_and_set_no_cookie(string path)
    {
        var answer = await SendAsync(HttpMethod.Get, path, "https://anyone.example");

        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
        Assert.Null(answer.Header("Access-Control-Allow-Credentials"));
        Assert.Null(answer.Header("Set-Cookie"));
    }

    [Theory]
    [InlineData("/connect/token")]
    [InlineData("/connect/userinfo")]
    [InlineData("/connect/revoke")]
    [InlineData("/connect/introspect")]
    public async Task Endpoints_that_take_tokens_are_open_to_origins_of_public_clients_only(string path)
    {
        server.Register(TestClients.Public());
        server.Register(TestClients.Confidential() with { RedirectUris = ["https://confidential.example/cb"] });

        var preflight = await SendAsync(HttpMethod.Options, path, Spa);
        Assert.Equal(204, preflight.Status);
        Assert.Equal(Spa, preflight.Header("Access-Control-Allow-Origin"));
        Assert.Contains("POST", preflight.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Contains("Authorization", preflight.Header("Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Equal("7200", preflight.Header("Access-Control-Max-Age"));
        Assert.Null(preflight.Header("Access-Control-Allow-Credentials"));

        var answer = await SendAsync(HttpMethod.Post, path, Spa);
        Assert.Equal(Spa, answer.Header("Access-Control-Allow-Origin"));
        Assert.Contains("Origin", answer.Header("Vary"), StringComparison.Ordinal);

        foreach (var stranger in new[] { "https://evil.example", "https://confidential.example", "https://app.example:8443", "http://app.example", "null" })
        {
            Assert.Null((await SendAsync(HttpMethod.Post, path, stranger)).Header("Access-Control-Allow-Origin"));
            Assert.Equal(405, (await SendAsync(HttpMethod.Options, path, stranger)).Status);
        }
    }

    [Theory]
    [InlineData("/connect/authorize")]
    [InlineData("/connect/endsession")]
    [InlineData("/connect/deviceauthorization")]
    public async Task Pages_and_what_no_page_asks_are_readable_by_no_other_origin(string path)
    {
        server.Register(TestClients.Public());

        Assert.Null((await SendAsync(HttpMethod.Get, path, Spa)).Header("Access-Control-Allow-Origin"));
    }
}
