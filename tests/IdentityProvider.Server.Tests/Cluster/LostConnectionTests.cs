using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Testing;
using Npgsql;

namespace IdentityProvider.Server.Tests.Cluster;

/// <summary>
/// The connection to the database is lost before, within and after a write. The answer is 503, never a guess; who asks again gets what is
/// true; and nothing that works once works twice.
/// </summary>
public sealed class LostConnectionTests(NodeBehindProxy nodes) : IClassFixture<NodeBehindProxy>
{
    private ServerFixture Server => nodes[0];

    [PostgreSqlFact]
    [Case(392)]
    public async Task Refresh_whose_answer_from_the_database_was_lost_is_repeated_and_gives_the_same_successor()
    {
        var client = await nodes.RegisterAsync(TestClients.Confidential());
        var tokens = await Server.GetTokensAsync(client);
        foreach (var moment in Enum.GetValues<CutAt>())
        {
            await LoseAsync("UPDATE grants SET counter", moment, () => Server.RefreshAsync(client, tokens.RefreshToken));

            var successor = await Server.RefreshAsync(client, tokens.RefreshToken);
            Assert.Equal(200, successor.Status);
            Assert.True(await Server.IsActiveAsync(successor.AccessToken));
            Assert.Equal(successor.RefreshToken, (await Server.RefreshAsync(client, tokens.RefreshToken)).RefreshToken); // the row went on by one
            tokens = successor;
        }
    }

    [PostgreSqlFact]
    [Case(392)]
    public async Task Code_gives_tokens_once_wherever_the_connection_is_lost()
    {
        var client = await nodes.RegisterAsync(TestClients.Confidential());
        using var browser = nodes.NewBrowser();
        foreach (var moment in Enum.GetValues<CutAt>())
        {
            var code = (await browser.AuthorizeAsync(client))["code"];
            await LoseAsync("INSERT INTO grants", moment, () => Server.RedeemAsync(client, code));

            var again = await Server.RedeemAsync(client, code);
            if (moment is CutAt.BeforeAnswer)
            {
                // It may be a thief who repeats it: nobody has tokens, and signing in again is one redirect.
                Assert.Equal((400, "invalid_grant"), again.StatusAndError);
            }
            else
            {
                Assert.True(await Server.IsActiveAsync(again.AccessToken));
                Assert.Equal((400, "invalid_grant"), (await Server.RedeemAsync(client, code)).StatusAndError);
                Assert.False(await Server.IsActiveAsync(again.AccessToken));
            }
        }
    }

    [PostgreSqlFact]
    [Case(392)]
    public async Task Revocation_is_answered_only_when_it_is_known_to_be_done()
    {
        var client = await nodes.RegisterAsync(TestClients.Confidential());
        foreach (var moment in Enum.GetValues<CutAt>())
        {
            var tokens = await Server.GetTokensAsync(client);
            await LoseAsync("INSERT INTO revoked_statuses", moment, () => Server.RevokeAsync(client, tokens.RefreshToken));
            Assert.Equal(moment is not CutAt.BeforeAnswer, await Server.IsActiveAsync(tokens.AccessToken)); // whole or not at all

            Assert.Equal(200, (await Server.RevokeAsync(client, tokens.RefreshToken)).Status);

            Assert.False(await Server.IsActiveAsync(tokens.AccessToken));
        }
    }

    [PostgreSqlFact]
    [Case(392)]
    public async Task Client_assertion_works_once_wherever_the_connection_is_lost()
    {
        var service = new AssertingClient();
        await nodes.RegisterAsync(service.Client);
        foreach (var moment in Enum.GetValues<CutAt>())
        {
            var assertion = service.Make(Server.Clock.GetUtcNow());
            await LoseAsync("INSERT INTO used_jti", moment, () => AssertingClient.AskAsync(Server, assertion));

            var again = await AssertingClient.AskAsync(Server, assertion);
            Assert.Equal(moment is CutAt.BeforeAnswer ? 401 : 200, again.Status);
            Assert.Equal((401, "invalid_client"), (await AssertingClient.AskAsync(Server, assertion)).StatusAndError);
        }
    }

    [PostgreSqlFact]
    [Case(392)]
    public async Task Device_code_gives_tokens_once_wherever_the_connection_is_lost()
    {
        var client = await nodes.RegisterAsync(TestClients.Device());
        using var browser = await Server.SignInAsync("alice");
        foreach (var moment in Enum.GetValues<CutAt>())
        {
            var asked = await Server.RequestDeviceAsync(client);
            await browser.ApproveDeviceAsync(asked);
            await LoseAsync("INSERT INTO grants", moment, () => Server.PollAsync(client, asked));

            var again = await Server.PollAsync(client, asked);
            Assert.Equal(moment is CutAt.BeforeAnswer ? 400 : 200, again.Status);
            Assert.Equal((400, "invalid_grant"), (await Server.PollAsync(client, asked)).StatusAndError);
        }
    }

    [PostgreSqlFact]
    [Case(392)]
    public async Task Sign_out_is_answered_only_when_it_is_known_to_be_done()
    {
        var client = await nodes.RegisterAsync(TestClients.Confidential());
        foreach (var moment in Enum.GetValues<CutAt>())
        {
            using var browser = nodes.NewBrowser();
            var tokens = await Server.RedeemAsync(client, (await browser.AuthorizeAsync(client))["code"]);
            await browser.GoAsync("/signout");
            nodes.Proxy.Arm("UPDATE sessions SET ended_at", moment);
            await browser.SendFormAsync("#signout", ("decision", "signout"));
            Assert.Equal(503, browser.Current!.Status);
            Assert.Equal(moment is not CutAt.BeforeAnswer, await Server.IsActiveAsync(tokens.AccessToken)); // session and grants end together

            await browser.GoAsync("/signout");
            if (browser.Address.AbsolutePath is "/signout")
            {
                await browser.SendFormAsync("#signout", ("decision", "signout"));
            }

            Assert.False(await Server.IsActiveAsync(tokens.AccessToken));
            await browser.GoAsync("/account");
            Assert.Equal("/signin", browser.Address.AbsolutePath);
        }
    }

    private async Task LoseAsync(string statement, CutAt moment, Func<Task<Answer>> ask)
    {
        var before = nodes.Proxy.Cuts;
        nodes.Proxy.Arm(statement, moment);
        Assert.Equal((503, "temporarily_unavailable"), (await ask()).StatusAndError);
        Assert.Equal(before + 1, nodes.Proxy.Cuts);
    }
}

/// <summary>One node, whose connections to the database can be lost.</summary>
public sealed class NodeBehindProxy() : Nodes(1)
{
    public CuttingProxy Proxy { get; private set; } = null!;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await (Proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    protected override string Lead(NpgsqlConnectionStringBuilder database)
    {
        Proxy = new CuttingProxy(database.Host!, database.Port);
        (database.Host, database.Port) = ("127.0.0.1", Proxy.Port);
        return $"{database};{CuttingProxy.Unprepared}";
    }
}
