using IdentityProvider.Accounts;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Server.Pages;
using IdentityProvider.Server.Tests.SignIn;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Pages;

public sealed class HistoryPageTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Sign_ins_failures_and_changes_are_told_in_words_and_never_in_ours()
    {
        var name = await server.AddPersonAsync();
        using var other = server.NewBrowser();
        await other.GoAsync("/signin");
        await other.SignInAsync(name, "wrong wrong wrong wrong");
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        using var browser = await server.SignInAsync(name);
        await browser.GoAsync("/account/profile");
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await browser.SendFormAsync("#profile", ("name", "Somebody"));
        var client = server.Register(TestClients.Public() with { RequireConsent = true });
        await browser.GoAsync(client.AuthorizeAddress());
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await browser.SendFormAsync("#consent", ("decision", "allow"));

        await browser.GoAsync("/account/history");

        Assert.Equal(
            [
                "You allowed access to: " + client.DisplayName,
                "Your profile was changed.",
                "Signed in by password.",
                "A sign-in failed. Was it you?",
            ],
            browser.Page.QuerySelectorAll("#history .strong").Select(line => string.Join(' ', line.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
        Assert.DoesNotContain("wrong password", browser.Current!.Body, StringComparison.Ordinal);
        Assert.EndsWith("UTC", browser.Text("#history time"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_follow_one_another_without_a_gap_and_two_statements_each()
    {
        var name = await server.AddPersonAsync();
        using var browser = await server.SignInAsync(name);
        await AppendAsync(await IdOfAsync(name), HistoryPage.PageLength + 5);
        var (reads, writes) = await ServerFixture.CountStatementsAsync(() => browser.GoAsync("/account/history"));
        var first = TypesOf(browser);

        await browser.GoAsync(browser.Page.QuerySelector("#older")!.GetAttribute("href")!);
        var second = TypesOf(browser);

        Assert.Equal((2, 0), (reads, writes));
        Assert.Equal((HistoryPage.PageLength, 6), (first.Count, second.Count));
        Assert.Equal("session.signed_in", second[^1]);
        Assert.Null(browser.Page.QuerySelector("#older"));
        await browser.GoAsync(browser.Page.QuerySelector("#newest")!.GetAttribute("href")!);
        Assert.Equal(first, TypesOf(browser));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("ffffffffffffffffffffffffffffffff")]
    [InlineData("' OR 1=1 --")]
    [Case(340)]
    public async Task Whatever_stands_in_the_address_only_ones_own_events_are_shown(string before)
    {
        var name = await server.AddPersonAsync();
        var secret = "client-" + Guid.NewGuid().ToString("N");
        await server.Services.GetRequiredService<IAuditTrail>().AppendAsync(
            new AuditEvent { Type = AuditEventTypes.ConsentGiven, At = server.Clock.GetUtcNow(), Subject = await IdOfAsync("alice"), ClientId = secret }, default);
        using var browser = await server.SignInAsync(name);

        var answer = await browser.GoAsync("/account/history?before=" + Uri.EscapeDataString(before));

        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain(secret, answer.Body, StringComparison.Ordinal);
    }

    private static List<string?> TypesOf(Browser browser) =>
        [.. browser.Page.QuerySelectorAll("[data-event]").Select(line => line.GetAttribute("data-event"))];

    private async Task AppendAsync(string subject, int count)
    {
        var trail = server.Services.GetRequiredService<IAuditTrail>();
        for (var i = 0; i < count; i++)
        {
            var entry = new AuditEvent { Type = AuditEventTypes.ProfileChanged, At = server.Clock.GetUtcNow().AddSeconds(i + 1), Subject = subject };
            await trail.AppendAsync(entry, default);
        }
    }

    private async Task<string> IdOfAsync(string name)
    {
        using var scope = server.Services.CreateScope();
        return (await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByNameAsync(name))!.Id;
    }
}
