using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Security;

/// <summary>Plain http where the issuer is https: RFC 6749 §3.1, RFC 9700 §2.6.</summary>
public sealed class PlainHttpTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Theory]
    [Case(10)]
    [InlineData("/connect/authorize?client_id=spa&response_type=code")]
    [InlineData("/signin")]
    [InlineData("/connect/token")]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/nowhere")]
    public async Task Plain_http_is_refused_without_a_redirect(string path)
    {
        var answer = await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://id.example" + path));

        Assert.Equal((400, null, null), (answer.Status, answer.Header("Location"), answer.Header("Set-Cookie")));
        Assert.Contains("trusted_proxies", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_is_told_over_plain_http_for_probes_beside_the_server()
    {
        var answer = await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://id.example/health/live"));

        Assert.Equal(200, answer.Status);
    }
}
