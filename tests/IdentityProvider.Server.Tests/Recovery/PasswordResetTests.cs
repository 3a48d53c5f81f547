using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Recovery;

public sealed class PasswordResetTests : IDisposable
{
    private const string Fresh = "a quite different long password";

    private readonly ServerFixture _server = new();

    [Fact]
    [Case(295)]
    public async Task A_mailed_link_sets_a_new_password_ends_every_session_and_signs_nobody_in()
    {
        var client = _server.Register(TestClients.Public());
        using var old = await _server.SignInAsync("alice");
        var tokens = await _server.RedeemAsync(client, (await old.AuthorizeAsync(client))["code"]);
        using var browser = _server.NewBrowser();
        var link = await AskAsync(browser, "alice");

        await browser.GoAsync(link.PathAndQuery);
        var answer = await browser.SubmitAsync("set", ("password", Fresh));

        Assert.Equal((200, "Your password is set"), (answer.Status, browser.Page.QuerySelector("#title")!.TextContent));
        await browser.GoAsync("/account");
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        await old.GoAsync("/account");
        Assert.Equal("/signin", old.Address.AbsolutePath);
        Assert.False(await _server.IsActiveAsync(tokens.AccessToken));
        Assert.Equal(400, (await SignInAsync(ServerFixture.Password)).Status);
        Assert.Equal(200, (await SignInAsync(Fresh)).Status);
        Assert.Equal("Your password was changed", (await _server.Mails.NextAsync("alice@example.com")).Subject);
    }

    [Fact]
    [Case(293)]
    public async Task A_scanner_that_opens_the_link_spends_nothing_and_the_form_spends_it()
    {
        using var browser = _server.NewBrowser();
        var link = await AskAsync(browser, "alice");
        for (var visit = 0; visit < 5; visit++)
        {
            Assert.Equal(200, (await _server.GetAsync(link.PathAndQuery)).Status);
        }

        await browser.GoAsync(link.PathAndQuery);
        Assert.Equal("no-referrer", browser.Current!.Header("Referrer-Policy"));
        Assert.Contains("no-store", browser.Current.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal(200, (await browser.SubmitAsync("set", ("password", Fresh))).Status);

        Assert.Equal(400, (await _server.GetAsync(link.PathAndQuery)).Status);
    }

    [Fact]
    [Case(289)]
    public async Task Twenty_at_once_with_one_link_set_one_password()
    {
        using var first = _server.NewBrowser();
        var link = await AskAsync(first, "alice");
        var browsers = Enumerable.Range(0, 20).Select(_ => _server.NewBrowser()).ToList();
        foreach (var browser in browsers)
        {
            await browser.GoAsync(link.PathAndQuery);
        }

        var answers = await Task.WhenAll(browsers.Select((browser, number) => browser.SubmitAsync("set", ("password", $"{Fresh} {number}"))));

        Assert.Equal(1, answers.Count(answer => answer.Status == 200));
        Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { 200, 400 }));
        browsers.ForEach(browser => browser.Dispose());
    }

    [Theory]
    [InlineData("password")]
    [InlineData("time")]
    [InlineData("letter")]
    [InlineData("purpose")]
    [Case(290)]
    [Case(292)]
    public async Task A_link_is_dead_after_any_change_too_late_altered_or_for_another_purpose(string reason)
    {
        using var browser = _server.NewBrowser();
        var link = (await AskAsync(browser, "alice")).PathAndQuery;
        switch (reason)
        {
            case "password":
                var second = await AskAsync(browser, "alice");
                await browser.GoAsync(second.PathAndQuery);
                await browser.SubmitAsync("set", ("password", Fresh));
                break;
            case "time":
                _server.Clock.Advance(TimeSpan.FromMinutes(30));
                break;
            case "letter":
                link = link[..^8] + (link[^8] == 'A' ? 'B' : 'A') + link[^7..];
                break;
            case "purpose":
                link = link.Replace("/reset?", "/unlock?", StringComparison.Ordinal);
                break;
        }

        var answer = await _server.GetAsync(link);

        Assert.Equal(400, answer.Status);
        Assert.Contains("This link does not work", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Case(286)]
    public async Task Whether_there_is_an_account_is_told_by_neither_the_answer_nor_its_work()
    {
        await _server.PauseDeliveriesAsync();
        using var browser = _server.NewBrowser();
        var bodies = new List<string>();
        var writes = new List<(int, int)>();
        foreach (var name in new[] { "alice", "bob", "nobody@example.com" })
        {
            await browser.GoAsync("/forgot");
            writes.Add(await ServerFixture.CountStatementsAsync(() => browser.SubmitAsync("send", ("username", name))));
            bodies.Add(browser.Current!.Body);
        }

        Assert.Single(bodies.Distinct(StringComparer.Ordinal));
        Assert.Single(writes.Distinct());
    }

    [Fact]
    [Case(287)]
    public async Task The_link_has_the_issuers_host_whatever_the_request_named()
    {
        using var browser = _server.NewBrowser();
        await browser.GoAsync("/forgot");
        var form = browser.Page.QuerySelectorAll("input[type=hidden]").ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value")!, StringComparer.Ordinal);
        form["username"] = "alice";
        var request = new HttpRequestMessage(HttpMethod.Post, browser.Address) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Host = "evil.example";
        request.Headers.Add("X-Forwarded-Host", "evil.example");

        await browser.SendOnceAsync(request);

        var mail = await _server.Mails.NextAsync("alice@example.com");
        Assert.Equal("https://id.example", mail.Link.GetLeftPart(UriPartial.Authority));
        Assert.DoesNotContain("evil.example", mail.Text + mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    [Case(298)]
    public async Task A_mailbox_gets_five_in_an_hour_and_an_address_may_ask_only_so_often()
    {
        using var server = ServerFixture.With("""{ "Limits": { "mails_per_receiver": 5, "mail_requests_per_address": 8 } }""");
        await server.PauseDeliveriesAsync();
        using var browser = server.NewBrowser();
        for (var number = 0; number < 8; number++)
        {
            await browser.GoAsync("/forgot");
            await browser.SubmitAsync("send", ("username", number % 2 == 0 ? "alice" : "ALICE@example.com"));
        }

        await browser.GoAsync("/forgot");
        var refused = await browser.SubmitAsync("send", ("username", "alice"));
        await server.Mails.DeliverAsync();

        Assert.Equal((429, "3600"), (refused.Status, refused.Header("Retry-After")));
        Assert.Equal(5, server.Mails.Unread.Count);
        var dead = await server.Services.GetRequiredService<IOutboxStore>().ListAsync(OutboxState.Dead, 10, default);
        Assert.Equal(3, dead.Count(message => message.LastError == "Limits:mails_per_receiver is reached"));
    }

    [Fact]
    public async Task The_token_stands_in_no_log()
    {
        using var browser = _server.NewBrowser();
        var link = await AskAsync(browser, "alice");
        await browser.GoAsync(link.PathAndQuery);
        await browser.SubmitAsync("set", ("password", "short"));
        await browser.SubmitAsync("set", ("password", Fresh));
        await browser.GoAsync(link.PathAndQuery);

        Assert.DoesNotContain(link.Query["?token=".Length..][..40], _server.Logs.AllText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_mail_there_is_no_such_page_and_no_link_to_it()
    {
        using var server = ServerFixture.With("""{ "Mail": { "transport": "none" } }""");
        using var browser = server.NewBrowser();

        Assert.Equal(404, (await server.GetAsync("/forgot")).Status);
        await browser.GoAsync("/signin");
        Assert.Null(browser.Page.QuerySelector("#forgot-link"));
    }

    public void Dispose() => _server.Dispose();

    private async Task<Uri> AskAsync(Browser browser, string name)
    {
        await browser.GoAsync("/forgot");
        await browser.SubmitAsync("send", ("username", name));
        Assert.Equal("Look into your mailbox", browser.Page.QuerySelector("#title")!.TextContent);
        var mail = await _server.Mails.NextAsync("alice@example.com");
        return mail.Subject == "Choose a new password" ? mail.Link : (await _server.Mails.NextAsync("alice@example.com")).Link;
    }

    private async Task<Answer> SignInAsync(string password)
    {
        using var browser = _server.NewBrowser();
        await browser.GoAsync("/signin");
        return await browser.SubmitAsync("signin", ("username", "alice"), ("password", password));
    }
}
