using System.Text;
using System.Text.Json;
using IdentityProvider.Protocol.Introspection;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Token;

namespace IdentityProvider.Protocol.Tests.Introspection;

public sealed class IntrospectionRequestHandlerTests : IDisposable
{
    private readonly Engine _engine = new Engine().WithApis();

    [Fact]
    public async Task Api_is_told_everything_about_a_token_for_it()
    {
        var tokens = await SignInAsync();

        var json = await JsonAsync("orders-api", tokens.AccessToken);

        var payload = Engine.Payload(tokens.AccessToken);
        Assert.Equal(
            ["active", "scope", "client_id", "token_type", "exp", "iat", "sub", "aud", "iss", "jti", "auth_time", "amr", "sid"],
            json.EnumerateObject().Select(member => member.Name));
        Assert.True(json.GetProperty("active").GetBoolean());
        Assert.Equal("openid orders.read", json.GetProperty("scope").GetString());
        Assert.Equal("Bearer", json.GetProperty("token_type").GetString());
        Assert.Equal("https://id.example", json.GetProperty("iss").GetString());
        foreach (var name in new[] { "client_id", "exp", "iat", "sub", "jti", "auth_time", "sid" })
        {
            Assert.Equal(payload.GetProperty(name).ToString(), json.GetProperty(name).ToString());
        }

        Assert.Equal(["https://orders.example", "https://id.example"], json.GetProperty("aud").EnumerateArray().Select(value => value.GetString()));
    }

    [Fact]
    public async Task Token_for_another_api_is_inactive()
    {
        var tokens = await SignInAsync();

        Assert.Equal("{\"active\":false}", await TextAsync("stock-api", tokens.AccessToken));
    }

    [Fact]
    public async Task Client_that_is_no_api_learns_nothing_of_an_access_token()
    {
        var token = await WorkerTokenAsync();

        Assert.Equal("{\"active\":false}", await TextAsync("worker", token));
        Assert.NotEqual("{\"active\":false}", await TextAsync("orders-api", token));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("a.b.c")]
    public async Task Garbage_is_inactive_and_costs_no_read(string token)
    {
        Assert.Equal("{\"active\":false}", await TextAsync("orders-api", token));
        Assert.Equal(0, _engine.Grants.Reads);
    }

    [Fact]
    public async Task Live_token_costs_one_read()
    {
        var tokens = await SignInAsync();
        var before = _engine.Grants.Reads;

        await TextAsync("orders-api", tokens.AccessToken);

        Assert.Equal(before + 1, _engine.Grants.Reads);
    }

    [Fact]
    public async Task Expired_token_is_inactive()
    {
        var tokens = await SignInAsync();
        _engine.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("{\"active\":false}", await TextAsync("orders-api", tokens.AccessToken));
    }

    [Fact]
    public async Task Token_of_an_ended_grant_is_inactive()
    {
        var tokens = await SignInAsync();
        _engine.Grants.End(_engine.Clock.GetUtcNow());

        Assert.Equal("{\"active\":false}", await TextAsync("orders-api", tokens.AccessToken));
    }

    [Fact]
    public async Task Token_of_a_disabled_client_is_inactive()
    {
        var tokens = await SignInAsync();
        _engine.Register(Engine.DefaultClient with { Enabled = false }, TestClients.OrdersApi);

        Assert.Equal("{\"active\":false}", await TextAsync("orders-api", tokens.AccessToken));
    }

    [Fact]
    public async Task Id_token_is_no_access_token()
    {
        var tokens = await SignInAsync();

        Assert.Equal("{\"active\":false}", await TextAsync("orders-api", tokens.IdToken!));
    }

    [Fact]
    public async Task Refresh_token_is_told_to_its_own_client_only()
    {
        var tokens = await SignInConfidentialAsync();

        var own = await JsonAsync("web", tokens.RefreshToken!);
        Assert.True(own.GetProperty("active").GetBoolean());
        Assert.Equal("web", own.GetProperty("client_id").GetString());
        Assert.False(own.TryGetProperty("token_type", out _));
        Assert.Equal("{\"active\":false}", await TextAsync("orders-api", tokens.RefreshToken!));
    }

    [Fact]
    public async Task Rotated_refresh_token_is_inactive_and_its_successor_active()
    {
        var tokens = await SignInConfidentialAsync();
        var refreshed = await _engine.Get<TokenRequestHandler>().HandleAsync(
            TestClients.Basic("web", ("grant_type", "refresh_token"), ("refresh_token", tokens.RefreshToken!)), CancellationToken.None);

        Assert.Equal("{\"active\":false}", await TextAsync("web", tokens.RefreshToken!));
        Assert.True((await JsonAsync("web", refreshed.Value!.RefreshToken!)).GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task Refresh_token_of_an_expired_grant_is_inactive()
    {
        var tokens = await SignInConfidentialAsync();
        _engine.Clock.Advance(TimeSpan.FromDays(15));

        Assert.Equal("{\"active\":false}", await TextAsync("web", tokens.RefreshToken!));
    }

    [Fact]
    public async Task Public_client_may_not_ask()
    {
        var result = await _engine.Get<IntrospectionRequestHandler>().HandleAsync(
            TestClients.Public("app", ("token", "x")), CancellationToken.None);

        Assert.Equal(ErrorCodes.InvalidClient, result.Error?.Code);
    }

    [Fact]
    public async Task Missing_or_doubled_token_is_an_invalid_request()
    {
        var handler = _engine.Get<IntrospectionRequestHandler>();

        var missing = await handler.HandleAsync(TestClients.Basic("orders-api"), CancellationToken.None);
        var doubled = await handler.HandleAsync(TestClients.Basic("orders-api", ("token", "a"), ("token", "b")), CancellationToken.None);

        Assert.Equal(ErrorCodes.InvalidRequest, missing.Error?.Code);
        Assert.Equal(ErrorCodes.InvalidRequest, doubled.Error?.Code);
    }

    public void Dispose() => _engine.Dispose();

    private async Task<TokenResponse> SignInAsync() => (await _engine.RedeemAsync(await _engine.GetCodeAsync())).Value!;

    private async Task<TokenResponse> SignInConfidentialAsync()
    {
        var web = TestClients.Confidential("web") with
        {
            RedirectUris = [Engine.Callback],
            GrantTypes = [GrantTypeNames.AuthorizationCode, GrantTypeNames.RefreshToken],
            Scope = ScopeSet.Of("openid", "orders.read"),
            RequireConsent = false,
        };
        _engine.Register(web, TestClients.OrdersApi);
        var code = await _engine.GetCodeAsync(("client_id", "web"));
        var response = await _engine.Get<TokenRequestHandler>().HandleAsync(
            TestClients.Basic(
                "web",
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", Engine.Callback),
                ("code_verifier", Engine.Verifier)),
            CancellationToken.None);
        return response.Value!;
    }

    private async Task<string> WorkerTokenAsync()
    {
        var response = await _engine.Get<TokenRequestHandler>().HandleAsync(
            TestClients.Basic("worker", ("grant_type", "client_credentials"), ("scope", "orders.read")), CancellationToken.None);
        return response.Value!.AccessToken;
    }

    private async Task<JsonElement> JsonAsync(string caller, string token) => JsonDocument.Parse(await TextAsync(caller, token)).RootElement;

    private async Task<string> TextAsync(string caller, string token)
    {
        var result = await _engine.Get<IntrospectionRequestHandler>().HandleAsync(
            TestClients.Basic(caller, ("token", token)), CancellationToken.None);
        Assert.Null(result.Error?.Detail);
        using var stream = new MemoryStream();
        await using (var json = new Utf8JsonWriter(stream))
        {
            result.Value!.WriteTo(json);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
