using IdentityProvider.Accounts;
using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Recovery;

/// <summary>Accounts whose address nobody has proved yet.</summary>
public sealed class ConfirmedEmailTests : IDisposable
{
    private const string Email = "carol@example.com";
    private const string Password = "a quite long password of hers";

    private readonly ServerFixture _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    [Case(259)]
    [Case(280)]
    public async Task Before_the_address_is_confirmed_the_right_password_is_told_and_counted_as_a_wrong_one()
    {
        using var server = ServerFixture.With("""{ "Limits": { "password_attempts": 5 } }""");
        using var browser = server.NewBrowser();
        await AskAsync(server, browser);
        await server.Mails.NextAsync(Email);
        var client = server.Register(TestClients.Public());

        var answers = new List<(int, string?)>();
        foreach (var name in new[] { Email, "alice" })
        {
            for (var attempt = 0; attempt < 6; attempt++)
            {
                await browser.GoAsync(client.AuthorizeAddress());
                await browser.SubmitAsync("signin", ("username", name), ("password", Password));
                answers.Add((browser.Current!.Status, browser.Text("#notice")));
            }
        }

        Assert.Equal(answers[..6], answers[6..]);
        Assert.Equal([400, 400, 400, 400, 400, 429], answers[..6].Select(answer => answer.Item1));
        Assert.Null(browser.LeftTo);
    }

    /// <summary>A stranger registers with somebody's address and a password of their own, and hopes that the owner opens the link.</summary>
    [Fact]
    public async Task The_link_alone_opens_no_account_that_somebody_else_chose_the_password_of()
    {
        using var stranger = _server.NewBrowser();
        await AskAsync(_server, stranger);
        var link = (await _server.Mails.NextAsync(Email)).Link.PathAndQuery;
        using var owner = _server.NewBrowser();
        await owner.GoAsync(link);

        Assert.Equal(400, (await owner.SubmitAsync("confirm")).Status);
        Assert.Equal(400, (await owner.SubmitAsync("confirm", ("password", "what the owner would have chosen"))).Status);
        Assert.False((await FindAsync()).EmailConfirmed);

        await owner.GoAsync("/forgot");
        await owner.SubmitAsync("send", ("username", Email));
        await owner.GoAsync((await _server.Mails.NextAsync(Email)).Link.PathAndQuery);
        await owner.SubmitAsync("set", ("password", "what the owner has chosen now"));
        Assert.True((await FindAsync()).EmailConfirmed);
        Assert.Equal(400, (await _server.GetAsync(link)).Status);
        await stranger.GoAsync("/signin");
        Assert.Equal(400, (await stranger.SubmitAsync("signin", ("username", Email), ("password", Password))).Status);
        await owner.GoAsync("/signin");
        await owner.SubmitAsync("signin", ("username", Email), ("password", "what the owner has chosen now"));
        Assert.Equal("/account", owner.Address.AbsolutePath);
    }

    [Fact]
    [Case(298)]
    public async Task Another_link_is_sent_to_who_waits_for_one_and_the_page_tells_nobody_who_does()
    {
        await _server.PauseDeliveriesAsync();
        using var browser = _server.NewBrowser();
        await AskAsync(_server, browser);
        await _server.Mails.NextAsync(Email);

        var texts = new List<string>();
        foreach (var email in new[] { Email, "alice@example.com", "nobody@example.com" })
        {
            await browser.GoAsync("/confirm-email/again");
            Assert.Equal(200, (await browser.SubmitAsync("send", ("email", email))).Status);
            texts.Add(browser.Text("main"));
        }

        Assert.Single(texts.Distinct(StringComparer.Ordinal));
        Assert.Equal("Confirm your e-mail address", (await _server.Mails.NextAsync(Email)).Subject);
        await _server.Mails.DeliverAsync();
        Assert.Empty(_server.Mails.Unread);
    }

    [Fact]
    [Case(298)]
    public async Task Who_asks_for_many_links_waits()
    {
        using var server = ServerFixture.With("""{ "Limits": { "mail_requests_per_address": 2 } }""");
        using var browser = server.NewBrowser();
        var answers = new List<int>();
        for (var time = 0; time < 3; time++)
        {
            await browser.GoAsync("/confirm-email/again");
            answers.Add((await browser.SubmitAsync("send", ("email", $"nobody-{time}@example.com"))).Status);
        }

        Assert.Equal([200, 200, 429], answers);
        Assert.NotNull(browser.Current!.Header("Retry-After"));
    }

    private static async Task AskAsync(ServerFixture server, Browser browser)
    {
        await browser.GoAsync("/register");
        Assert.Equal(200, (await browser.SubmitAsync("register", ("email", Email), ("password", Password))).Status);
    }

    private async Task<Account> FindAsync()
    {
        using var scope = _server.Services.CreateScope();
        return (await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByNameAsync(Email))!;
    }
}
