using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Endpoints;

/// <summary>Architecture 7: what one request may cost the database.</summary>
public sealed class StatementBudgetTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private readonly Client _client = server.Register(TestClients.Confidential());

    [Fact]
    public async Task Metadata_and_keys_cost_nothing()
    {
        Assert.Equal((0, 0), await CountAsync(() => server.GetAsync("/.well-known/openid-configuration")));
        Assert.Equal((0, 0), await CountAsync(() => server.GetAsync("/.well-known/jwks.json")));
    }

    [Fact]
    public async Task Client_credentials_cost_nothing()
    {
        var worker = server.Register(TestClients.Worker());

        Assert.Equal((0, 0), await CountAsync(() => server.PostAsync("/connect/token", worker, ("grant_type", "client_credentials"))));
    }

    [Fact]
    public async Task Code_redemption_costs_one_write_and_at_most_one_read()
    {
        await ReserveStatusIndexesAsync();
        using var browser = server.NewBrowser();
        var code = (await browser.AuthorizeAsync(_client))["code"];

        var (reads, writes) = await CountAsync(() => server.RedeemAsync(_client, code));

        Assert.InRange(reads, 0, 1);
        Assert.Equal(1, writes);
    }

    [Fact]
    public async Task Code_redemption_on_a_consent_costs_no_more()
    {
        var client = server.Register(TestClients.Public() with { RequireConsent = true });
        await server.GetTokensAsync(client);
        using var browser = server.NewBrowser();
        var code = (await browser.AuthorizeAsync(client))["code"];

        var (reads, writes) = await CountAsync(() => server.RedeemAsync(client, code));

        Assert.InRange(reads, 0, 1);
        Assert.Equal(1, writes);
    }

    [Fact]
    public async Task Refresh_costs_one_read_and_one_write()
    {
        var tokens = await server.GetTokensAsync(_client);

        Assert.Equal((1, 1), await CountAsync(() => server.RefreshAsync(_client, tokens.RefreshToken)));
    }

    [Fact]
    public async Task Introspection_and_userinfo_cost_one_read()
    {
        var api = server.Register(TestClients.Api());
        var tokens = await server.GetTokensAsync(_client);

        Assert.Equal((1, 0), await CountAsync(() => server.IntrospectAsync(api, tokens.AccessToken)));
        Assert.Equal((1, 0), await CountAsync(() => server.IntrospectAsync(_client, tokens.RefreshToken)));
        Assert.Equal((1, 0), await CountAsync(() => server.UserInfoAsync(tokens.AccessToken)));
        Assert.Equal((0, 0), await CountAsync(() => server.IntrospectAsync(api, "garbage")));
        Assert.Equal((0, 0), await CountAsync(() => server.RefreshAsync(_client, "garbage")));
    }

    [Fact]
    public async Task Authorization_with_a_session_and_a_consent_costs_two_reads()
    {
        var client = server.Register(TestClients.Confidential() with { RequireConsent = true });
        using var browser = server.NewBrowser();
        await browser.AuthorizeAsync(client);

        Assert.Equal((2, 0), await ServerFixture.CountStatementsAsync(() => browser.AuthorizeAsync(client)));
    }

    [Fact]
    public async Task Without_consent_to_ask_for_it_costs_one_read()
    {
        using var browser = server.NewBrowser();
        await browser.AuthorizeAsync(_client);

        Assert.Equal((1, 0), await ServerFixture.CountStatementsAsync(() => browser.AuthorizeAsync(_client)));
    }

    [Fact]
    public async Task A_waiting_device_costs_one_write_at_first_and_one_read_for_each_poll()
    {
        await ReserveStatusIndexesAsync();
        var device = server.Register(TestClients.Device());
        using var browser = await server.SignInAsync("alice");
        var asked = await server.RequestDeviceAsync(device);

        Assert.Equal((0, 1), await CountAsync(() => server.RequestDeviceAsync(device)));
        Assert.Equal((1, 0), await CountAsync(() => server.PollAsync(device, asked)));
        Assert.Equal((0, 0), await CountAsync(() => server.PostAsync(
            "/connect/token", device, ("grant_type", GrantTypeNames.DeviceCode), ("device_code", "garbage"))));
        await browser.ApproveDeviceAsync(asked);
        Assert.Equal((1, 1), await CountAsync(() => server.PollAsync(device, asked)));
    }

    /// <summary>The first grant of a node reserves a block of them.</summary>
    private Task ReserveStatusIndexesAsync() => server.GetTokensAsync(_client);

    private static Task<(int Reads, int Writes)> CountAsync(Func<Task<Answer>> request) =>
        ServerFixture.CountStatementsAsync(async () => Assert.True((await request()).Status is 200 or 400));
}
