using IdentityProvider.Accounts;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Endpoints;

public sealed class DeviceAuthorizationEndpointTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private readonly Client _device = server.Register(TestClients.Device());

    [Fact]
    [Clause("RFC 8628", "3.2", "the authorization server generates a unique device verification code and an end-user code … using the application/json format with a 200 (OK) status code")]
    public async Task Response_is_what_stands_in_the_golden_file()
    {
        var asked = await server.RequestDeviceAsync(_device);

        Assert.Equal((200, "application/json", "no-store"), (asked.Status, asked.Header("Content-Type"), asked.Header("Cache-Control")));
        Golden.AssertEqual("device-authorization.json", asked.Json, "device_code", "user_code", "verification_uri_complete");
    }

    [Fact]
    public async Task Device_waits_is_approved_and_gets_tokens_that_work()
    {
        using var browser = await server.SignInAsync("alice");
        var asked = await server.RequestDeviceAsync(_device, ("scope", "openid profile offline_access orders.read"));

        Assert.Equal((400, "authorization_pending"), (await server.PollAsync(_device, asked)).StatusAndError);
        await browser.ApproveDeviceAsync(asked);
        var tokens = await server.PollAsync(_device, asked);

        Assert.Equal((200, "no-store"), (tokens.Status, tokens.Header("Cache-Control")));
        Assert.True(await server.IsActiveAsync(tokens.AccessToken));
        Assert.Equal("Alice Example", (await server.UserInfoAsync(tokens.AccessToken)).Json.GetProperty("name").GetString());
        Assert.Equal(200, (await server.RefreshAsync(_device, tokens.RefreshToken)).Status);
        Assert.Equal((400, "invalid_grant"), (await server.PollAsync(_device, asked)).StatusAndError);
        Assert.True(await server.IsActiveAsync(tokens.AccessToken));
    }

    [Fact]
    public async Task Refused_device_is_told_so()
    {
        using var browser = await server.SignInAsync("alice");
        var asked = await server.RequestDeviceAsync(_device);

        await browser.DenyDeviceAsync(asked);

        Assert.Equal((400, "access_denied"), (await server.PollAsync(_device, asked)).StatusAndError);
    }

    [Fact]
    [Case(121)]
    [Clause("RFC 8628", "3.5", "slow_down … the interval MUST be increased by 5 seconds for this and all subsequent requests")]
    public async Task Device_that_polls_too_fast_has_to_slow_down_for_good()
    {
        using var own = new ServerFixture();
        var device = own.Register(TestClients.Device());
        var asked = await own.RequestDeviceAsync(device);

        Assert.Equal("authorization_pending", await AfterAsync(0));
        Assert.Equal("slow_down", await AfterAsync(3));
        Assert.Equal("slow_down", await AfterAsync(7));
        Assert.Equal("authorization_pending", await AfterAsync(15));
        Assert.Equal("authorization_pending", await AfterAsync(15));
        Assert.Equal("slow_down", await AfterAsync(12));
        own.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((400, "expired_token"), (await own.PollAsync(device, asked)).StatusAndError);

        async Task<string> AfterAsync(int seconds)
        {
            own.Clock.Advance(TimeSpan.FromSeconds(seconds));
            return (await own.PollAsync(device, asked)).StatusAndError.Error;
        }
    }

    [Fact]
    [Case(122)]
    public async Task Device_code_of_another_client_is_an_invalid_grant()
    {
        var other = server.Register(TestClients.Device());
        using var browser = await server.SignInAsync("alice");
        var asked = await server.RequestDeviceAsync(_device);
        await browser.ApproveDeviceAsync(asked);

        Assert.Equal((400, "invalid_grant"), (await server.PollAsync(other, asked)).StatusAndError);
        Assert.Equal(200, (await server.PollAsync(_device, asked)).Status);
    }

    [Fact]
    [Case(124)]
    public async Task Of_twenty_polls_in_parallel_exactly_one_gets_tokens()
    {
        using var browser = await server.SignInAsync("alice");
        for (var round = 0; round < 5; round++)
        {
            var asked = await server.RequestDeviceAsync(_device);
            await browser.ApproveDeviceAsync(asked);

            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => server.PollAsync(_device, asked))));

            var winner = Assert.Single(answers, answer => answer.Status is 200);
            Assert.Equal(19, answers.Count(answer => answer.StatusAndError is (400, "invalid_grant")));
            Assert.True(await server.IsActiveAsync(winner.AccessToken));
        }
    }

    [Fact]
    [Case(128)]
    public async Task Scope_and_grant_type_have_to_be_the_clients()
    {
        var noDevice = server.Register(TestClients.Public());

        Assert.Equal((400, "invalid_scope"), (await server.RequestDeviceAsync(_device, ("scope", "openid stock.read"))).StatusAndError);
        Assert.Equal((400, "invalid_scope"), (await server.RequestDeviceAsync(_device, ("scope", null))).StatusAndError);
        Assert.Equal((400, "unauthorized_client"), (await server.RequestDeviceAsync(noDevice)).StatusAndError);
        Assert.Equal((400, "invalid_target"), (await server.RequestDeviceAsync(_device, ("resource", ServerFixture.StockApi))).StatusAndError);
    }

    [Fact]
    [Clause("RFC 8628", "3.1", "The client authentication requirements of Section 3.2.1 of [RFC6749] apply to requests on this endpoint")]
    public async Task Confidential_client_has_to_authenticate()
    {
        var web = server.Register(TestClients.Confidential() with
        {
            GrantTypes = [GrantTypeNames.AuthorizationCode, GrantTypeNames.RefreshToken, GrantTypeNames.DeviceCode],
        });
        var unproven = web with { TokenEndpointAuthMethod = ClientAuthenticationMethods.None };

        Assert.Equal(200, (await server.RequestDeviceAsync(web)).Status);
        var refused = await server.RequestDeviceAsync(unproven);
        Assert.Equal((401, "invalid_client"), refused.StatusAndError);
        Assert.NotNull(refused.Header("WWW-Authenticate"));
    }

    [Fact]
    [Case(131)]
    public async Task User_disabled_between_approval_and_poll_denies_access()
    {
        using var own = new ServerFixture();
        var device = own.Register(TestClients.Device());
        using var browser = await own.SignInAsync("bob");
        var asked = await own.RequestDeviceAsync(device, ("scope", "openid offline_access orders.read"));
        await browser.ApproveDeviceAsync(asked);

        using var scope = own.Services.CreateScope();
        var bob = await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByNameAsync("bob");
        Assert.True(await own.Services.GetRequiredService<IAccountStateStore>().TryDisableAsync(bob!.Id, record: null, own.Clock.GetUtcNow(), default));

        Assert.Equal((400, "access_denied"), (await own.PollAsync(device, asked)).StatusAndError);
    }

    [Fact]
    public async Task Other_origins_read_nothing_and_waiting_is_not_logged_as_a_refusal()
    {
        using var own = new ServerFixture();
        var device = own.Register(TestClients.Device());
        var asked = await own.RequestDeviceAsync(device);
        await own.PollAsync(device, asked);

        Assert.Null(asked.Header("Access-Control-Allow-Origin"));
        Assert.DoesNotContain(own.Logs.Entries, entry => entry.EventId is 1001);
        Assert.DoesNotContain(asked.Text("device_code"), own.Logs.AllText, StringComparison.Ordinal);
        Assert.DoesNotContain(asked.Text("user_code"), own.Logs.AllText, StringComparison.Ordinal);
    }
}
