using IdentityProvider.Accounts;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Endpoints;

public sealed class IntrospectionEndpointTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Inactive = "{\"active\":false}";

    private readonly Client _app = server.Register(TestClients.Confidential());
    private readonly Client _api = server.Register(TestClients.Api());

    [Fact]
    [Case(431)]
    [Clause("RFC 7662", "2.2", "The server responds with a JSON object [RFC7159] in \"application/json\" format")]
    public async Task Response_is_what_stands_in_the_golden_file()
    {
        var tokens = await server.GetTokensAsync(_app);

        var answer = await server.IntrospectAsync(_api, tokens.AccessToken);

        Assert.Equal((200, "application/json", "no-store"), (answer.Status, answer.Header("Content-Type"), answer.Header("Cache-Control")));
        Assert.Null(answer.Header("Set-Cookie"));
        Golden.AssertEqual("introspection.json", answer.Json, "client_id", "exp", "iat", "sub", "jti", "auth_time", "sid");
    }

    [Fact]
    [Clause("RFC 7662", "2.2", "If the introspection call is properly authorized but the token is not active ... the authorization server MUST return an introspection response with the \"active\" field set to \"false\"")]
    [Case(224)]
    public async Task What_is_dead_unknown_or_for_another_api_is_inactive_and_nothing_else()
    {
        var tokens = await server.GetTokensAsync(_app);
        var stock = server.Register(TestClients.Api(ServerFixture.StockApi));

        Assert.Equal(Inactive, (await server.IntrospectAsync(stock, tokens.AccessToken)).Body);
        Assert.Equal(Inactive, (await server.IntrospectAsync(_app, tokens.AccessToken)).Body);
        Assert.Equal(Inactive, (await server.IntrospectAsync(_api, tokens.RefreshToken)).Body);
        Assert.Equal(Inactive, (await server.IntrospectAsync(_api, tokens.IdToken)).Body);
        Assert.Equal(Inactive, (await server.IntrospectAsync(_api, "x")).Body);
        Assert.Equal(Inactive, (await server.IntrospectAsync(_api, new string('x', 60_000))).Body);
        server.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(Inactive, (await server.IntrospectAsync(_api, tokens.AccessToken)).Body);
    }

    [Fact]
    public async Task Client_may_ask_about_its_own_refresh_token()
    {
        var tokens = await server.GetTokensAsync(_app);

        var answer = await server.IntrospectAsync(_app, tokens.RefreshToken);

        Golden.AssertEqual("introspection-refresh-token.json", answer.Json, "client_id", "exp", "iat", "sub", "auth_time", "sid");
    }

    [Fact]
    [Case(227)]
    public async Task Tokens_of_a_client_that_was_disabled_are_inactive()
    {
        var worker = server.Register(TestClients.Worker());
        var token = (await server.PostAsync("/connect/token", worker, ("grant_type", "client_credentials"))).AccessToken;
        Assert.True(await server.IsActiveAsync(token));

        server.Register(worker with { Enabled = false });
        Assert.False(await server.IsActiveAsync(token));

        server.Register(worker);
        Assert.False(await server.IsActiveAsync(token));
    }

    [Fact]
    [Case(227)]
    public async Task Tokens_of_a_person_who_was_disabled_are_inactive()
    {
        using var own = new ServerFixture();
        own.Register(_api);
        var app = own.Register(TestClients.Confidential());
        var tokens = await own.GetTokensAsync(app, "bob");
        Assert.True((await own.IntrospectAsync(_api, tokens.AccessToken)).Json.GetProperty("active").GetBoolean());

        using var scope = own.Services.CreateScope();
        var bob = await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByNameAsync("bob");
        Assert.True(await own.Services.GetRequiredService<IAccountStateStore>().TryDisableAsync(bob!.Id, record: null, own.Clock.GetUtcNow(), default));

        Assert.Equal(Inactive, (await own.IntrospectAsync(_api, tokens.AccessToken)).Body);
        Assert.Equal(Inactive, (await own.IntrospectAsync(app, tokens.RefreshToken)).Body);
    }

    [Fact]
    [Case(223)]
    public async Task Public_client_and_wrong_secret_are_refused()
    {
        var asPublic = await server.PostAsync("/connect/introspect", server.Register(TestClients.Public()), ("token", "x"));
        var wrong = await server.PostAsync("/connect/introspect", _api with { ClientId = "nobody" }, ("token", "x"));

        Assert.Equal((401, "invalid_client"), asPublic.StatusAndError);
        Assert.Equal((401, "invalid_client"), wrong.StatusAndError);
        Assert.Equal(asPublic.Body, wrong.Body);
    }

    [Fact]
    public async Task Missing_token_is_an_invalid_request()
    {
        Assert.Equal((400, "invalid_request"), (await server.PostAsync("/connect/introspect", _api)).StatusAndError);
    }
}
