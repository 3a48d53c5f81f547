using System.Net.Http.Headers;
using System.Text;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Server.Tests.Endpoints;

public sealed class TokenEndpointTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Path = "/connect/token";

    [Fact]
    [Clause("RFC 6749", "5.1", "The authorization server MUST include the HTTP \"Cache-Control\" response header field with a value of \"no-store\"")]
    [Case(103)]
    [Case(431)]
    public async Task Token_response_is_what_stands_in_the_golden_file()
    {
        var answer = await server.GetTokensAsync(server.Register(TestClients.Public()));

        AssertWire(answer, 200);
        Golden.AssertEqual("token-code.json", answer.Json, "access_token", "refresh_token", "id_token");
    }

    [Fact]
    public async Task Client_credentials_response_is_what_stands_in_the_golden_file()
    {
        var answer = await server.PostAsync(Path, server.Register(TestClients.Worker()), ("grant_type", "client_credentials"));

        AssertWire(answer, 200);
        Golden.AssertEqual("token-client-credentials.json", answer.Json, "access_token");
    }

    [Fact]
    public async Task Refresh_gives_a_successor_and_the_same_one_again_within_the_window()
    {
        var client = server.Register(TestClients.Public());
        var first = await server.GetTokensAsync(client);

        var second = await server.RefreshAsync(client, first.RefreshToken);
        var again = await server.RefreshAsync(client, first.RefreshToken);

        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.Equal(second.RefreshToken, again.RefreshToken);
        Assert.True(await server.IsActiveAsync(again.AccessToken));
    }

    [Fact]
    [Case(104)]
    public async Task Refresh_token_replayed_after_the_window_ends_the_whole_grant()
    {
        var client = server.Register(TestClients.Public());
        var first = await server.GetTokensAsync(client);
        var second = await server.RefreshAsync(client, first.RefreshToken);
        server.Clock.Advance(TimeSpan.FromSeconds(11));

        var replay = await server.RefreshAsync(client, first.RefreshToken);

        Assert.Equal((400, "invalid_grant"), replay.StatusAndError);
        Assert.Equal((400, "invalid_grant"), (await server.RefreshAsync(client, second.RefreshToken)).StatusAndError);
        Assert.False(await server.IsActiveAsync(second.AccessToken));
    }

    [Fact]
    [Clause("RFC 6749", "4.1.2", "The client MUST NOT use the authorization code more than once.")]
    [Case(68)]
    public async Task Code_used_twice_is_refused_and_revokes_what_it_gave()
    {
        var client = server.Register(TestClients.Public());
        using var browser = server.NewBrowser();
        var code = (await browser.AuthorizeAsync(client))["code"];
        var first = await server.RedeemAsync(client, code);

        var second = await server.RedeemAsync(client, code);

        Assert.Equal((400, "invalid_grant"), second.StatusAndError);
        Assert.False(await server.IsActiveAsync(first.AccessToken));
        Assert.Equal((400, "invalid_grant"), (await server.RefreshAsync(client, first.RefreshToken)).StatusAndError);
    }

    [Fact]
    [Case(71)]
    public async Task Code_older_than_a_minute_is_refused()
    {
        var client = server.Register(TestClients.Public());
        using var browser = server.NewBrowser();
        var code = (await browser.AuthorizeAsync(client))["code"];
        server.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal((400, "invalid_grant"), (await server.RedeemAsync(client, code)).StatusAndError);
    }

    [Theory]
    [InlineData(ClientAuthenticationMethods.ClientSecretBasic)]
    [InlineData(ClientAuthenticationMethods.ClientSecretPost)]
    public async Task Secret_with_special_characters_is_read_in_every_place(string method)
    {
        var client = server.Register(TestClients.Worker() with { TokenEndpointAuthMethod = method });

        Assert.Equal(200, (await server.PostAsync(Path, client, ("grant_type", "client_credentials"))).Status);
    }

    [Fact]
    [Clause("RFC 6749", "5.2", "the authorization server MUST respond with an HTTP 401 (Unauthorized) status code and include the \"WWW-Authenticate\" response header field")]
    [Case(80)]
    public async Task Wrong_secret_and_unknown_client_get_one_and_the_same_answer()
    {
        var client = server.Register(TestClients.Worker());

        var wrong = await PostAsync(ServerFixture.Basic(client.ClientId, "wrong"), ("grant_type", "client_credentials"));
        var unknown = await PostAsync(ServerFixture.Basic("nobody", TestClients.Secret), ("grant_type", "client_credentials"));

        AssertWire(wrong, 401);
        Assert.Equal((401, "invalid_client"), wrong.StatusAndError);
        Assert.StartsWith("Basic realm=", wrong.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Equal(wrong.Body, unknown.Body);
        Assert.Equal(wrong.Header("WWW-Authenticate"), unknown.Header("WWW-Authenticate"));
    }

    [Fact]
    [Case(82)]
    public async Task Two_authentication_methods_at_once_are_an_invalid_request()
    {
        var client = server.Register(TestClients.Worker());

        var answer = await PostAsync(
            ServerFixture.Basic(client.ClientId, TestClients.Secret), ("grant_type", "client_credentials"), ("client_secret", TestClients.Secret));

        Assert.Equal((400, "invalid_request"), answer.StatusAndError);
    }

    [Fact]
    [Case(85)]
    public async Task Method_the_client_is_not_registered_for_is_refused()
    {
        var client = server.Register(TestClients.Worker());

        var answer = await PostAsync(
            header: null, ("grant_type", "client_credentials"), ("client_id", client.ClientId), ("client_secret", TestClients.Secret));

        Assert.Equal((401, "invalid_client"), answer.StatusAndError);
    }

    [Theory]
    [Case(83)]
    [InlineData("client_secret")]
    [InlineData("client_assertion")]
    public async Task Secret_in_the_query_is_refused_and_stands_in_no_log(string parameter)
    {
        var client = server.Register(TestClients.Worker());
        var request = new HttpRequestMessage(HttpMethod.Post, $"{Path}?client_id={client.ClientId}&{parameter}=s3cr3t-in-the-query")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]),
        };

        var answer = await server.SendAsync(request);

        Assert.Equal((400, "invalid_request"), answer.StatusAndError);
        Assert.DoesNotContain("s3cr3t-in-the-query", server.Logs.AllText, StringComparison.Ordinal);
    }

    [Theory]
    [Case(97)]
    [InlineData(null, "invalid_request")]
    [InlineData("", "invalid_request")]
    [InlineData("password", "unsupported_grant_type")]
    [InlineData("urn:unheard:of", "unsupported_grant_type")]
    [InlineData("CLIENT_CREDENTIALS", "unsupported_grant_type")]
    [InlineData("authorization_code", "unauthorized_client")]
    public async Task Grant_type_has_to_be_sent_known_and_registered(string? grantType, string error)
    {
        var answer = await server.PostAsync(Path, server.Register(TestClients.Worker()), ("grant_type", grantType));

        AssertWire(answer, 400);
        Assert.Equal((400, error), answer.StatusAndError);
    }

    [Fact]
    public async Task Doubled_parameter_is_an_invalid_request()
    {
        var answer = await server.PostAsync(
            Path, server.Register(TestClients.Worker()), ("grant_type", "client_credentials"), ("scope", "orders.read"), ("scope", "orders.read"));

        Assert.Equal((400, "invalid_request"), answer.StatusAndError);
    }

    [Theory]
    [Case(100)]
    [InlineData("orders.write")]
    [InlineData("openid")]
    [InlineData("offline_access")]
    [InlineData("\"")]
    public async Task Client_gets_no_scope_for_itself_that_it_is_not_registered_for(string scope)
    {
        var answer = await server.PostAsync(
            Path, server.Register(TestClients.Worker()), ("grant_type", "client_credentials"), ("scope", scope));

        Assert.Equal((400, "invalid_scope"), answer.StatusAndError);
    }

    [Fact]
    public async Task Refusal_is_one_line_at_information_level_with_what_was_received()
    {
        var client = server.Register(TestClients.Worker());

        await server.PostAsync(Path, client, ("grant_type", "password"), ("password", "hunter2hunter2"));

        var line = server.Logs.Last(1001);
        Assert.Equal(LogLevel.Information, line.Level);
        Assert.Contains("unsupported_grant_type: grant_type password", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", server.Logs.AllText, StringComparison.Ordinal);
        Assert.DoesNotContain(TestClients.Secret, server.Logs.AllText, StringComparison.Ordinal);
    }

    [Fact]
    [Case(418)]
    public async Task Line_breaks_in_what_was_received_do_not_break_the_log_line()
    {
        await server.PostAsync(Path, server.Register(TestClients.Worker()), ("grant_type", "x\r\n2026 forged \u001b[31m line"));

        Assert.DoesNotContain('\n', server.Logs.Last(1001).Text);
        Assert.DoesNotContain('\u001b', server.Logs.Last(1001).Text);
    }

    private static void AssertWire(Answer answer, int status)
    {
        Assert.Equal(status, answer.Status);
        Assert.Equal("application/json", answer.Header("Content-Type"));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal("no-cache", answer.Header("Pragma"));
        Assert.Null(answer.Header("Set-Cookie"));
        Assert.DoesNotContain(answer.Body, char.IsControl);
    }

    private Task<Answer> PostAsync(AuthenticationHeaderValue? header, params (string Name, string Value)[] pairs)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new StringContent(
                string.Join('&', pairs.Select(pair => pair.Name + "=" + Uri.EscapeDataString(pair.Value))),
                Encoding.UTF8,
                "application/x-www-form-urlencoded"),
        };
        request.Headers.Authorization = header;
        return server.SendAsync(request);
    }
}
