using IdentityProvider.Protocol.Keys;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Cluster;

/// <summary>Nodes whose clocks differ: by little, and nobody notices; by much, and the node that is wrong leaves.</summary>
public sealed class ClockTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private const int ClockApart = 8010;
    private const int ClockRight = 8011;

    [PostgreSqlFact]
    [Case(404)]
    public Task What_one_node_makes_is_good_on_one_whose_clock_is_30_seconds_ahead() => WorksApartAsync(TimeSpan.FromSeconds(30));

    [PostgreSqlFact]
    [Case(404)]
    public Task What_one_node_makes_is_good_on_one_whose_clock_is_30_seconds_behind() => WorksApartAsync(TimeSpan.FromSeconds(-30));

    [PostgreSqlFact]
    [Case(404)]
    public Task Node_90_seconds_ahead_leaves_and_comes_back_when_its_clock_is_right() => LeavesAsync(TimeSpan.FromSeconds(90), "ahead of");

    [PostgreSqlFact]
    [Case(404)]
    public Task Node_90_seconds_behind_leaves_and_comes_back_when_its_clock_is_right() => LeavesAsync(TimeSpan.FromSeconds(-90), "behind");

    [Fact]
    public async Task Node_that_cannot_read_the_key_ring_any_more_is_not_ready()
    {
        using var server = new ServerFixture();
        Assert.Equal((200, "Healthy"), await AskAsync(server));
        var keys = server.Services.GetRequiredService<IKeyStore>();
        var foreign = new KeyRecord
        {
            Id = "foreign",
            Purpose = KeyPurposes.Mac,
            Algorithm = KeyAlgorithms.Mac,
            CreatedAt = server.Clock.GetUtcNow(),
            ActivatesAt = server.Clock.GetUtcNow(),
            WrappedSecret = new byte[100], // by no master key that this node has
        };

        Assert.True(await keys.TryChangeAsync(await keys.GetVersionAsync(default), [foreign], [], default));
        server.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal((503, "Unhealthy: keys"), await AskAsync(server));
    }

    private async Task WorksApartAsync(TimeSpan difference)
    {
        nodes.SetClocks();
        var (right, wrong) = (nodes[0], nodes[1]);
        wrong.Clock.Jump(difference);
        var api = await nodes.RegisterAsync(TestClients.Api());
        var client = await nodes.RegisterAsync(TestClients.Confidential() with { RequireConsent = true });
        var device = await nodes.RegisterAsync(TestClients.Device());
        var service = new AssertingClient();
        await nodes.RegisterAsync(service.Client);

        foreach (var (one, other) in new[] { (right, wrong), (wrong, right) })
        {
            Assert.Equal((200, "Healthy"), await AskAsync(one));
            using var browser = nodes.NewBrowser(); // sign-in, consent, session: each request at the other node
            var code = (await browser.AuthorizeAsync(client, changes: ("max_age", "600")))["code"];
            var tokens = await one.RedeemAsync(client, code);
            Assert.Equal((400, "invalid_grant"), (await other.RedeemAsync(client, code)).StatusAndError);

            var again = (await browser.AuthorizeAsync(client, changes: ("max_age", "600")))["code"]; // by the session, without a page
            tokens = await other.RedeemAsync(client, again);
            Assert.True((await one.IntrospectAsync(api, tokens.AccessToken)).Json.GetProperty("active").GetBoolean());
            Assert.Equal(200, (await one.UserInfoAsync(tokens.AccessToken)).Status);

            var refreshed = await one.RefreshAsync(client, tokens.RefreshToken);
            Assert.Equal(200, (await other.RefreshAsync(client, refreshed.RefreshToken)).Status);

            var asked = await one.RequestDeviceAsync(device);
            Assert.Equal((400, "authorization_pending"), (await other.PollAsync(device, asked)).StatusAndError);
            await browser.ApproveDeviceAsync(asked);
            Assert.Equal(200, (await other.PollAsync(device, asked)).Status);

            var assertion = service.Make(one.Clock.GetUtcNow());
            Assert.Equal(200, (await AssertingClient.AskAsync(other, assertion)).Status);
            Assert.Equal((401, "invalid_client"), (await AssertingClient.AskAsync(one, assertion)).StatusAndError);
        }
    }

    private async Task LeavesAsync(TimeSpan difference, string direction)
    {
        nodes.SetClocks();
        var wrong = nodes[1];
        Assert.Equal((200, "Healthy"), await AskAsync(wrong));
        var before = wrong.Logs.Entries.Count;
        wrong.Clock.Jump(difference);

        Assert.Equal((503, "Unhealthy: clock"), await AskAsync(wrong));
        Assert.Equal((503, "Unhealthy: clock"), await AskAsync(wrong));

        Assert.Equal((200, "Healthy"), await AskAsync(nodes[0]));
        Assert.Equal(200, (await wrong.GetAsync("/health/live")).Status);
        var line = Assert.Single(wrong.Logs.Entries.Skip(before), entry => entry.EventId == ClockApart).Text;
        Assert.Contains($"s {direction} the database's, more than the 45 s allowed", line, StringComparison.Ordinal);
        Assert.Contains("Set the clock from the same time service", line, StringComparison.Ordinal);

        nodes.SetClocks();

        Assert.Equal((200, "Healthy"), await AskAsync(wrong));
        Assert.Single(wrong.Logs.Entries.Skip(before), entry => entry.EventId == ClockRight);
    }

    private static async Task<(int Status, string Text)> AskAsync(ServerFixture node)
    {
        var answer = await node.GetAsync("/health/ready");
        return (answer.Status, answer.Body);
    }
}
