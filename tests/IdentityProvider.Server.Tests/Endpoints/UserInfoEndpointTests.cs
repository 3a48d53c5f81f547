using System.Net.Http.Headers;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Endpoints;

public sealed class UserInfoEndpointTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Path = "/connect/userinfo";

    private readonly Client _client = server.Register(TestClients.Public());

    [Fact]
    [Case(431)]
    [Clause("OIDC Core", "5.3.2", "The sub (subject) Claim MUST always be returned in the UserInfo Response.")]
    public async Task Claims_of_all_standard_scopes_are_what_stands_in_the_golden_file()
    {
        var tokens = await server.GetTokensAsync(_client, changes: ("scope", "openid profile email address phone"));

        var answer = await server.UserInfoAsync(tokens.AccessToken);

        Assert.Equal((200, "application/json", "no-store"), (answer.Status, answer.Header("Content-Type"), answer.Header("Cache-Control")));
        Assert.Null(answer.Header("Set-Cookie"));
        Golden.AssertEqual("userinfo.json", answer.Json, "sub", "updated_at");
    }

    [Fact]
    [Case(241)]
    public async Task Only_the_subject_is_told_for_openid_alone()
    {
        var tokens = await server.GetTokensAsync(_client, changes: ("scope", "openid"));

        var answer = await server.UserInfoAsync(tokens.AccessToken);

        Assert.Equal(["sub"], answer.Json.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    [Clause("OIDC Core", "5.3.1", "The UserInfo Endpoint MUST support the use of the HTTP GET and HTTP POST methods")]
    public async Task Token_may_come_by_header_or_by_form_with_get_or_post()
    {
        var token = (await server.GetTokensAsync(_client)).AccessToken;

        Assert.Equal(200, (await SendAsync(HttpMethod.Get, "Bearer " + token)).Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Get, "bearer " + token)).Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Post, "Bearer " + token)).Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Post, header: null, body: "access_token=" + token)).Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Post, "Bearer " + token, body: "unrelated=1")).Status);
    }

    [Fact]
    [Clause("RFC 6750", "2", "Clients MUST NOT use more than one method to transmit the token in each request.")]
    [Case(238)]
    public async Task Token_in_the_query_or_in_two_places_is_an_invalid_request()
    {
        var token = (await server.GetTokensAsync(_client)).AccessToken;

        await AssertRefusedAsync(400, "invalid_request", SendAsync(HttpMethod.Get, header: null, query: "?access_token=" + token));
        await AssertRefusedAsync(400, "invalid_request", SendAsync(HttpMethod.Get, "Bearer " + token, query: "?access_token=" + token));
        await AssertRefusedAsync(400, "invalid_request", SendAsync(HttpMethod.Post, "Bearer " + token, body: "access_token=" + token));
        await AssertRefusedAsync(400, "invalid_request", SendAsync(HttpMethod.Post, header: null, body: $"access_token={token}&access_token={token}"));
        await AssertRefusedAsync(400, "invalid_request", SendAsync(HttpMethod.Post, header: null, body: "access_token=%zz"));
        await AssertRefusedAsync(400, "invalid_request", SendAsync(HttpMethod.Get, "Bearer"));
        await AssertRefusedAsync(
            413, "invalid_request", SendAsync(HttpMethod.Post, header: null, body: "access_token=" + new string('x', 70_000)));
    }

    [Fact]
    [Clause("RFC 6750", "3.1", "If the request lacks any authentication information, the resource server SHOULD NOT include an error code")]
    public async Task Request_without_a_token_is_challenged_without_an_error_code()
    {
        foreach (var answer in new[] { await SendAsync(HttpMethod.Get, header: null), await SendAsync(HttpMethod.Get, "Basic YTpi") })
        {
            Assert.Equal((401, 0, "Bearer realm=\"userinfo\""), (answer.Status, answer.Bytes.Length, answer.Header("WWW-Authenticate")));
        }
    }

    [Fact]
    [Case(239)]
    [Case(115)]
    public async Task What_is_no_live_access_token_for_us_is_an_invalid_token()
    {
        var tokens = await server.GetTokensAsync(_client);

        foreach (var token in new[] { "x", tokens.RefreshToken, tokens.IdToken, tokens.AccessToken + "x", "a.b.c" })
        {
            await AssertRefusedAsync(401, "invalid_token", server.UserInfoAsync(token));
        }

        using var browser = server.NewBrowser();
        var code = (await browser.AuthorizeAsync(_client))["code"];
        var forOneApi = await server.RedeemAsync(_client, code, ("resource", ServerFixture.OrdersApi));
        await AssertRefusedAsync(401, "invalid_token", server.UserInfoAsync(forOneApi.AccessToken));
    }

    [Fact]
    public async Task Revoked_token_is_an_invalid_token_at_once()
    {
        var tokens = await server.GetTokensAsync(_client);
        await server.RevokeAsync(_client, tokens.AccessToken);

        await AssertRefusedAsync(401, "invalid_token", server.UserInfoAsync(tokens.AccessToken));
    }

    [Fact]
    public async Task Expired_token_is_an_invalid_token()
    {
        var tokens = await server.GetTokensAsync(_client);
        server.Clock.Advance(TimeSpan.FromMinutes(10));

        await AssertRefusedAsync(401, "invalid_token", server.UserInfoAsync(tokens.AccessToken));
    }

    [Fact]
    public async Task Token_without_openid_lacks_scope_and_is_told_which()
    {
        var tokens = await server.GetTokensAsync(_client, changes: [("scope", "profile"), ("nonce", null)]);

        var answer = await server.UserInfoAsync(tokens.AccessToken);

        Assert.Equal((403, "insufficient_scope"), answer.StatusAndError);
        Assert.EndsWith("scope=\"openid\"", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claims_parameter_adds_claims_beside_the_scopes()
    {
        var tokens = await server.GetTokensAsync(
            _client, changes: [("scope", "openid"), ("claims", """{"userinfo":{"email":{"essential":true},"phone_number":null}}""")]);

        var answer = await server.UserInfoAsync(tokens.AccessToken);

        Assert.Equal("alice@example.com", answer.Json.GetProperty("email").GetString());
        Assert.Equal(["sub", "email", "phone_number"], answer.Json.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Token_stands_in_no_log()
    {
        var tokens = await server.GetTokensAsync(_client);
        await SendAsync(HttpMethod.Get, header: null, query: "?access_token=" + tokens.AccessToken);
        await server.UserInfoAsync(tokens.AccessToken + "x");

        Assert.DoesNotContain(tokens.AccessToken, server.Logs.AllText, StringComparison.Ordinal);
        Assert.DoesNotContain(tokens.RefreshToken, server.Logs.AllText, StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(int status, string error, Task<Answer> sending)
    {
        var answer = await sending;
        Assert.Equal((status, error), answer.StatusAndError);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Contains($"error=\"{error}\"", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    private Task<Answer> SendAsync(HttpMethod method, string? header, string query = "", string? body = null)
    {
        var request = new HttpRequestMessage(method, Path + query);
        request.Headers.TryAddWithoutValidation("Authorization", header);
        if (body is not null)
        {
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        }

        return server.SendAsync(request);
    }
}
