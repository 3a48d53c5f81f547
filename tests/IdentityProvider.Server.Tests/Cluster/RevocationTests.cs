using System.Diagnostics;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Server.Workers;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Cluster;

/// <summary>What one node of a cluster ends has ended on the others: at once where a row decides, within a second where memory does.</summary>
public sealed class RevocationTests(ThreeNodes cluster) : IClassFixture<ThreeNodes>, IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private Client? _api;
    private Client? _client;

    public async Task InitializeAsync()
    {
        if (cluster.All.Count > 0)
        {
            _api = await cluster.RegisterAsync(TestClients.Api());
            _client = await cluster.RegisterAsync(TestClients.Confidential());
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [PostgreSqlFact]
    [Case(226)]
    public async Task Revoked_token_is_inactive_in_the_first_answer_of_every_other_node()
    {
        for (var round = 0; round < 5; round++)
        {
            var tokens = await cluster[round % 3].GetTokensAsync(_client!);
            Assert.All(await AskAllAsync(tokens), answer => Assert.Equal((true, true, 200), answer));

            Assert.Equal(200, (await cluster[round % 3].RevokeAsync(_client!, tokens.RefreshToken)).Status);

            Assert.All(await AskAllAsync(tokens), answer => Assert.Equal((false, false, 401), answer));
            Assert.Equal((400, "invalid_grant"), (await cluster[(round + 1) % 3].RefreshAsync(_client!, tokens.RefreshToken)).StatusAndError);
        }
    }

    [PostgreSqlFact]
    [Case(226)]
    public async Task Session_that_is_ended_on_one_node_is_ended_on_the_others_with_its_tokens()
    {
        using var browser = cluster.NewBrowser();
        var code = (await browser.AuthorizeAsync(_client!))["code"];
        var tokens = await cluster[0].RedeemAsync(_client!, code);
        await browser.GoAsync("/account");
        Assert.Equal("/account", browser.Address.AbsolutePath);

        await browser.GoAsync("/signout");
        await browser.SendFormAsync("#signout", ("decision", "signout"));

        Assert.All(await AskAllAsync(tokens), answer => Assert.Equal((false, false, 401), answer));
        foreach (var _ in cluster.All)
        {
            await browser.GoAsync("/account");
            Assert.Equal("/signin", browser.Address.AbsolutePath);
        }
    }

    [PostgreSqlFact]
    [Case(226)]
    public async Task Status_list_of_another_node_has_the_bit_within_a_second()
    {
        var tokens = await cluster[0].GetTokensAsync(_client!);
        var status = StatusLists.ReferenceOf(tokens.AccessToken);
        Assert.All(await ReadAsync(), Assert.False); // and every node holds the list in memory now

        await cluster[0].RevokeAsync(_client!, tokens.RefreshToken);
        foreach (var node in cluster.All)
        {
            node.Clock.Advance(Second);
        }

        Assert.All(await ReadAsync(), Assert.True);

        async Task<bool[]> ReadAsync() => await Task.WhenAll(cluster.All.Select(node => node.IsSetAsync(status)));
    }

    /// <summary>Clients stand in the memory of each node; their tokens fall by a row.</summary>
    [PostgreSqlFact]
    [Case(226)]
    public async Task Client_that_is_disabled_on_one_node_gets_nothing_from_the_others_within_a_second()
    {
        var worker = await cluster.RegisterAsync(TestClients.Worker());
        var token = (await AskForTokenAsync(cluster[1], worker)).AccessToken;
        Assert.True(await IsActiveAsync(cluster[2], token));

        cluster[0].Register(worker with { Enabled = false });

        Assert.False(await IsActiveAsync(cluster[1], token));
        Assert.False(await IsActiveAsync(cluster[2], token));
        await ComesTrueAsync(async () => (await AskForTokenAsync(cluster[1], worker)).Status == 401 && (await AskForTokenAsync(cluster[2], worker)).Status == 401);
        Assert.InRange(CatalogWorker.Interval, TimeSpan.FromMilliseconds(1), Second / 2);
    }

    [PostgreSqlFact]
    [Case(226)]
    public async Task Key_that_is_declared_compromised_on_one_node_is_refused_by_the_others_within_a_second()
    {
        var tokens = await cluster[1].GetTokensAsync(_client!);
        Assert.True(await IsActiveAsync(cluster[2], tokens.AccessToken));
        var kid = StatusLists.Part(tokens.AccessToken, 0).GetProperty("kid").GetString()!;

        Assert.True(await cluster[0].Services.GetRequiredService<KeyRotation>().DeclareCompromisedAsync(kid, CancellationToken.None));

        Assert.False(await IsActiveAsync(cluster[0], tokens.AccessToken));
        await ComesTrueAsync(async () => !await IsActiveAsync(cluster[1], tokens.AccessToken) && !await IsActiveAsync(cluster[2], tokens.AccessToken));
        Assert.InRange(KeyRotationWorker.Interval, TimeSpan.FromMilliseconds(1), Second / 2);
    }

    /// <summary>All nodes at once: access token active, refresh token active, status of userinfo.</summary>
    private Task<(bool Access, bool Refresh, int UserInfo)[]> AskAllAsync(Answer tokens) => Task.WhenAll(cluster.All.Select(async node =>
    {
        var refresh = await node.IntrospectAsync(_client!, tokens.RefreshToken);
        return (await IsActiveAsync(node, tokens.AccessToken), refresh.Json.GetProperty("active").GetBoolean(), (await node.UserInfoAsync(tokens.AccessToken)).Status);
    }));

    private async Task<bool> IsActiveAsync(ServerFixture node, string token) =>
        (await node.IntrospectAsync(_api!, token)).Json.GetProperty("active").GetBoolean();

    private static Task<Answer> AskForTokenAsync(ServerFixture node, Client client) =>
        node.PostAsync("/connect/token", client, ("grant_type", GrantTypeNames.ClientCredentials));

    /// <summary>Workers tick in real time. The bound is theirs; a busy machine may take longer to run them.</summary>
    private static async Task ComesTrueAsync(Func<Task<bool>> condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, "not in a minute");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
