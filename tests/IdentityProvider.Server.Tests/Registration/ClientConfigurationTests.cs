using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Registration;
using IdentityProvider.Storage;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Registration;

/// <summary><c>GET</c>, <c>PUT</c> and <c>DELETE /connect/register/{client_id}</c>: RFC 7592.</summary>
public sealed class ClientConfigurationTests(OpenServer open) : IClassFixture<OpenServer>
{
    private readonly ServerFixture _server = open.Server;

    [Fact]
    [Case(214)]
    [Clause("RFC 7592", "2.1", "To read the current configuration of the client, the client makes an HTTP GET request.")]
    public async Task Reading_tells_the_same_again_without_the_secret()
    {
        var told = await _server.RegisteredAsync(("client_name#de", "Laden"));

        var answer = await _server.ManageAsync(HttpMethod.Get, told, told.Text("registration_access_token"));

        Assert.Equal((200, "no-store"), (answer.Status, answer.Header("Cache-Control")));
        var expected = JsonNode.Parse(told.GetRawText())!.AsObject();
        expected.Remove("client_secret");
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(answer.Body)), answer.Body);
    }

    [Fact]
    [Case(212)]
    [Clause("RFC 7592", "2", "401 for a registration access token that is not the client's.")]
    public async Task A_token_that_is_not_the_clients_is_refused_and_changes_nothing()
    {
        var (mine, other) = (await _server.RegisteredAsync(), await _server.RegisteredAsync());
        var initial = (await _server.InitialTokenAsync()).Token;
        foreach (var token in new[] { other.Text("registration_access_token"), mine.Text("client_secret"), initial, "x", new string('x', 5000) })
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
            {
                var answer = await _server.ManageAsync(
                    method, mine, token, method == HttpMethod.Put ? Registrations.UpdateOf(mine, ("client_name", "Stolen")) : null);

                Assert.Equal((401, "invalid_token"), answer.StatusAndError);
                Assert.StartsWith("Bearer realm=\"registration\", error=\"invalid_token\"", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
            }
        }

        Assert.Equal("Shop", (await _server.ManageAsync(HttpMethod.Get, mine, mine.Text("registration_access_token"))).Json.Text("client_name"));
    }

    [Fact]
    [Case(212)]
    public async Task Without_a_token_only_the_scheme_is_told()
    {
        var answer = await _server.ManageAsync(HttpMethod.Get, await _server.RegisteredAsync(), token: null);

        Assert.Equal((401, "Bearer realm=\"registration\""), (answer.Status, answer.Header("WWW-Authenticate")));
    }

    [Fact]
    [Clause("RFC 7592", "2.2", "Omitted fields MUST be treated as null or empty values by the server, indicating a request to delete them.")]
    public async Task An_update_replaces_everything_and_rotates_the_token()
    {
        var told = await _server.RegisteredAsync(("policy_uri", "https://app.example/policy"));
        var token = told.Text("registration_access_token");

        var answer = await _server.ManageAsync(
            HttpMethod.Put, told, token, Registrations.UpdateOf(told, ("client_name", "New shop"), ("policy_uri", null)));

        Assert.Equal(200, answer.Status);
        Assert.Equal("New shop", answer.Json.Text("client_name"));
        Assert.False(answer.Json.TryGetProperty("policy_uri", out _));
        Assert.False(answer.Json.TryGetProperty("client_secret", out _));
        Assert.Equal(told.GetProperty("client_id_issued_at").GetInt64(), answer.Json.GetProperty("client_id_issued_at").GetInt64());
        Assert.NotEqual(token, answer.Json.Text("registration_access_token"));
        Assert.Equal(401, (await _server.ManageAsync(HttpMethod.Get, told, token)).Status);
        Assert.Equal(200, (await _server.ManageAsync(HttpMethod.Get, told, answer.Json.Text("registration_access_token"))).Status);
        Assert.Equal("New shop", _server.Services.GetRequiredService<ICatalogStore>().Current.FindClient(told.Text("client_id"))!.ClientName);
    }

    [Fact]
    public async Task The_secret_still_works_after_an_update()
    {
        var told = await _server.RegisteredAsync();
        await _server.ManageAsync(HttpMethod.Put, told, told.Text("registration_access_token"), Registrations.UpdateOf(told));
        using var browser = _server.NewBrowser();

        var response = await browser.AuthorizeAsync(told.AsClient(), "alice", ("scope", "openid"));

        Assert.Equal(200, (await _server.RedeemAsync(told, response["code"])).Status);
    }

    [Fact]
    public async Task A_public_client_that_becomes_confidential_is_told_a_secret()
    {
        var told = await _server.RegisteredAsync(("token_endpoint_auth_method", "none"));

        var answer = await _server.ManageAsync(
            HttpMethod.Put, told, told.Text("registration_access_token"), Registrations.UpdateOf(told, ("token_endpoint_auth_method", "client_secret_post")));

        Assert.Equal(43, answer.Json.Text("client_secret").Length);
        Assert.Equal(0, answer.Json.GetProperty("client_secret_expires_at").GetInt64());
    }

    [Theory]
    [Clause("RFC 7592", "2.2", "The client MUST NOT be allowed to overwrite its existing client secret with its own chosen value.")]
    [InlineData("client_secret", "\"one of my own choice, which is long enough\"")]
    [InlineData("client_id", "\"dyn-AAAAAAAAAAAAAAAAAAAAAA\"")]
    [InlineData("client_id", "null")]
    [InlineData("registration_access_token", "\"x\"")]
    [InlineData("registration_client_uri", "\"https://id.example/x\"")]
    [InlineData("client_id_issued_at", "1")]
    [InlineData("client_secret_expires_at", "0")]
    [InlineData("contacts", "\"ops@app.example\"")]
    public async Task An_update_must_not_include(string member, string json)
    {
        var told = await _server.RegisteredAsync();
        var metadata = Registrations.UpdateOf(told);
        metadata[member] = JsonNode.Parse(json);

        var answer = await _server.ManageAsync(HttpMethod.Put, told, told.Text("registration_access_token"), metadata);

        Assert.Equal((400, "invalid_client_metadata"), answer.StatusAndError);
        Assert.Equal(200, (await _server.ManageAsync(HttpMethod.Get, told, told.Text("registration_access_token"))).Status);
    }

    [Fact]
    [Case(208)]
    public async Task An_update_gives_no_more_than_a_registration()
    {
        var told = await _server.RegisteredAsync();

        var answer = await _server.ManageAsync(HttpMethod.Put, told, told.Text("registration_access_token"), Registrations.UpdateOf(
            told, ("scope", "openid orders.write"), ("grant_types", new JsonArray("authorization_code", "client_credentials")), ("idp_require_consent", false)));

        Assert.Equal("openid", answer.Json.Text("scope"));
        Assert.Equal("""["authorization_code"]""", answer.Json.GetProperty("grant_types").GetRawText());
    }

    [Fact]
    [Case(212)]
    [Clause("RFC 7592", "2.3", "If a client has been successfully deprovisioned, the authorization server MUST respond with an HTTP 204 No Content message.")]
    public async Task Deleting_ends_the_client_its_grants_and_its_token()
    {
        var told = await _server.RegisteredAsync();
        using var browser = _server.NewBrowser();
        var response = await browser.AuthorizeAsync(told.AsClient(), "alice", ("scope", "openid offline_access"));
        var tokens = await _server.RedeemAsync(told, response["code"]);

        var answer = await _server.ManageAsync(HttpMethod.Delete, told, told.Text("registration_access_token"));

        Assert.Equal((204, 0), (answer.Status, answer.Bytes.Length));
        Assert.Equal(401, (await _server.UserInfoAsync(tokens.AccessToken)).Status);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            Assert.Equal((401, "invalid_token"), (await _server.ManageAsync(method, told, told.Text("registration_access_token"))).StatusAndError);
        }

        await browser.GoAsync("https://id.example" + told.AsClient().AuthorizeAddress());
        Assert.Equal((400, (Uri?)null), (browser.Current!.Status, browser.LeftTo));
    }

    [Fact]
    [Case(212)]
    public async Task A_disabled_client_cannot_enable_itself()
    {
        var told = await _server.RegisteredAsync();
        var stored = (await _server.Services.GetRequiredService<IClientRegistrationStore>().FindAsync(told.Text("client_id"), default))!;
        _server.Register(stored.Client with { Enabled = false });

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
        {
            var answer = await _server.ManageAsync(
                method, told, told.Text("registration_access_token"), method == HttpMethod.Put ? Registrations.UpdateOf(told, ("idp_enabled", true)) : null);
            Assert.Equal((403, "access_denied"), answer.StatusAndError);
        }

        Assert.Null(_server.Services.GetRequiredService<ICatalogStore>().Current.FindClient(told.Text("client_id")));
    }

    [Fact]
    public async Task A_declared_client_is_nobodys_to_manage()
    {
        var client = _server.Register(TestClients.Confidential());
        var told = JsonDocument.Parse($$"""{"client_id":"{{client.ClientId}}"}""").RootElement;

        Assert.Equal((401, "invalid_token"), (await _server.ManageAsync(HttpMethod.Get, told, "any-token")).StatusAndError);
    }

    [Fact]
    public async Task Every_change_is_audited()
    {
        var told = await _server.RegisteredAsync();
        var updated = await _server.ManageAsync(HttpMethod.Put, told, told.Text("registration_access_token"), Registrations.UpdateOf(told));
        await _server.ManageAsync(HttpMethod.Delete, told, updated.Json.Text("registration_access_token"));

        await using var scope = _server.Services.CreateAsyncScope();
        var clientId = told.Text("client_id");
        Assert.Equal(
            ["client.registered", "client.updated", "client.deleted"],
            await scope.ServiceProvider.GetRequiredService<IdentityProviderDbContext>().Database
                .SqlQuery<string>($"SELECT type AS \"Value\" FROM audit_events WHERE client_id = {clientId} ORDER BY rowid")
                .ToListAsync());
    }
}
