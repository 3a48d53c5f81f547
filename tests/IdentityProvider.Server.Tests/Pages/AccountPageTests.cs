using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Pages;

public sealed class AccountPageTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData("/account")]
    [InlineData("/account/password")]
    [InlineData("/account/profile")]
    [InlineData("/account/sessions")]
    [InlineData("/account/applications")]
    [InlineData("/account/history")]
    [InlineData("/account/data")]
    public async Task A_stranger_signs_in_first_and_is_back_afterwards(string page)
    {
        using var browser = server.NewBrowser();
        await browser.GoAsync(page);
        Assert.Equal("/signin", browser.Address.AbsolutePath);

        await browser.SignInAsync("alice", ServerFixture.Password);

        Assert.Equal(page, browser.Address.AbsolutePath);
    }

    [Fact]
    public async Task A_session_of_another_browser_is_seen_and_ended()
    {
        var person = await RegisterAsync();
        using var here = await SignInAsync(person);
        using var there = await SignInAsync(person);
        await here.GoAsync("/account/sessions");
        Assert.Equal(3, here.Page.QuerySelectorAll("[data-session]").Length);
        await there.GoAsync("/account/sessions");
        var sid = there.Page.QuerySelector("[data-session]")!.GetAttribute("data-session");

        await here.SendFormAsync($"[data-session='{sid}'] form");
        await there.GoAsync("/account/sessions");

        Assert.Equal(("/account/sessions", "/signin"), (here.Address.AbsolutePath, there.Address.AbsolutePath));
        Assert.Equal("That browser is signed out.", here.Text("#done"));
    }

    [Fact]
    [Case(283)]
    public async Task A_session_of_another_person_does_not_exist_for_me()
    {
        using var mine = await server.SignInAsync("alice");
        var person = await RegisterAsync();
        using var theirs = await SignInAsync(person);
        await theirs.GoAsync("/account/sessions");
        var sid = theirs.Page.QuerySelector("[data-session]")!.GetAttribute("data-session")!;
        using var second = await server.SignInAsync("alice");
        await mine.GoAsync("/account/sessions");
        Assert.DoesNotContain(sid, mine.Current!.Body, StringComparison.Ordinal);

        var answer = await mine.SendFormAsync("[data-session] form", ("session", sid));
        await theirs.GoAsync("/account/sessions");

        Assert.Equal(404, answer.Status);
        Assert.Equal("/account/sessions", theirs.Address.AbsolutePath);
    }

    [Fact]
    public async Task All_other_browsers_are_signed_out_at_once_and_this_one_stays()
    {
        var person = await RegisterAsync();
        using var here = await SignInAsync(person);
        using var one = await SignInAsync(person);
        using var other = await SignInAsync(person);
        await here.GoAsync("/account/sessions");

        await here.SendFormAsync("#end-others");
        await one.GoAsync("/account/sessions");
        await other.GoAsync("/account/sessions");

        Assert.Equal("/account/sessions", here.Address.AbsolutePath);
        Assert.Single(here.Page.QuerySelectorAll("[data-session]"));
        Assert.All([one, other], browser => Assert.Equal("/signin", browser.Address.AbsolutePath));
    }

    [Fact]
    [Case(250)]
    public async Task Access_that_is_taken_back_ends_tokens_and_is_asked_for_again()
    {
        var client = server.Register(TestClients.Public() with { RequireConsent = true });
        var person = await RegisterAsync();
        using var browser = await SignInAsync(person);
        var tokens = await ConsentAsync(browser, client);
        await browser.GoAsync("/account/applications");
        Assert.Contains("Read your orders", browser.Text($"[data-client='{client.ClientId}']"), StringComparison.Ordinal);

        await browser.SendFormAsync($"[data-client='{client.ClientId}'] form");

        Assert.Empty(browser.Page.QuerySelectorAll("[data-client]"));
        Assert.False(await server.IsActiveAsync(tokens.AccessToken));
        Assert.Equal((400, "invalid_grant"), (await server.RefreshAsync(client, tokens.RefreshToken)).StatusAndError);
        await browser.GoAsync(client.AuthorizeAddress());
        Assert.Equal("/consent", browser.Address.AbsolutePath);
    }

    [Fact]
    public async Task A_client_that_needs_no_consent_is_listed_with_its_last_use_and_loses_its_access_too()
    {
        var client = server.Register(TestClients.Public());
        using var browser = await SignInAsync(await RegisterAsync());
        await browser.GoAsync("/account/applications");
        Assert.Empty(browser.Page.QuerySelectorAll("[data-client]"));
        await browser.GoAsync(client.AuthorizeAddress());
        var tokens = await server.RedeemAsync(client, Flows.Parameters(browser.LeftTo!)["code"]);
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        await browser.GoAsync("/account/applications");
        Assert.Contains("last used 2 minutes ago", browser.Text($"[data-client='{client.ClientId}']"), StringComparison.Ordinal);
        await browser.GoAsync("/account/sessions");
        Assert.Equal(client.DisplayName, browser.Text("[data-session] .item"));
        await browser.GoAsync("/account/applications");

        await browser.SendFormAsync($"[data-client='{client.ClientId}'] form");

        Assert.False(await server.IsActiveAsync(tokens.AccessToken));
        Assert.Empty(browser.Page.QuerySelectorAll("[data-client]"));
    }

    [Theory]
    [InlineData("/account", 2)]
    [InlineData("/account/sessions", 3)]
    [InlineData("/account/applications", 3)]
    [InlineData("/account/profile", 2)]
    public async Task A_page_costs_the_same_however_much_there_is(string page, int expected)
    {
        var person = await RegisterAsync();
        using var browser = await SignInAsync(person);
        using var other = await SignInAsync(person);
        foreach (var client in new[] { TestClients.Public(), TestClients.Public(), TestClients.Public() })
        {
            await ConsentAsync(browser, server.Register(client with { RequireConsent = true }));
        }

        var (reads, writes) = await ServerFixture.CountStatementsAsync(() => browser.GoAsync(page));

        Assert.Equal((expected, 0), (reads, writes));
    }

    [Fact]
    public async Task Every_page_of_the_account_leads_to_all_of_them()
    {
        using var browser = await server.SignInAsync("alice");
        await browser.GoAsync("/account");
        var pages = LinksOf(browser).Select(link => link.Address).ToList();
        string[] always = ["/account", "/account/profile", "/account/password", "/account/second-factor", "/account/sessions", "/account/data"];
        Assert.Equal([], always.Except(pages));
        foreach (var page in pages)
        {
            await browser.GoAsync(page!);

            Assert.Equal(pages, LinksOf(browser).Select(link => link.Address));
            Assert.Equal((page, "page"), Assert.Single(LinksOf(browser), link => link.Current is not null));
        }
    }

    [Fact]
    public async Task A_step_of_a_page_of_the_account_stands_under_it()
    {
        using var browser = await server.SignInAsync("alice");

        await browser.GoAsync("/account/second-factor/app");

        Assert.Equal(("/account/second-factor", "true"), Assert.Single(LinksOf(browser), link => link.Current is not null));
    }

    [Fact]
    public async Task Access_that_was_never_given_cannot_be_taken_back()
    {
        var client = server.Register(TestClients.Public() with { RequireConsent = true });
        using var browser = await SignInAsync(await RegisterAsync());
        await ConsentAsync(browser, client);
        await browser.GoAsync("/account/applications");

        var answer = await browser.SendFormAsync("[data-client] form", ("client", "somebody-else"));

        Assert.Equal(404, answer.Status);
    }

    [Fact]
    [Case(275)]
    public async Task A_new_password_ends_every_other_session_and_every_grant()
    {
        const string Fresh = "seventeen purple marmots dance";
        var client = server.Register(TestClients.Public() with { RequireConsent = true });
        var person = await RegisterAsync();
        using var here = await SignInAsync(person);
        using var there = await SignInAsync(person);
        var tokens = await ConsentAsync(there, client, ("scope", "openid offline_access orders.read"));
        await here.GoAsync("/account/password");

        await here.SendFormAsync("#change-password", ("current", ServerFixture.Password), ("password", Fresh));
        await there.GoAsync("/account");

        Assert.Equal(("/account", "/signin"), (here.Address.AbsolutePath, there.Address.AbsolutePath));
        Assert.Equal((400, "invalid_grant"), (await server.RefreshAsync(client, tokens.RefreshToken)).StatusAndError);
        Assert.Equal(400, (await there.SignInAsync(person, ServerFixture.Password)).Status);
        await there.SignInAsync(person, Fresh);
        Assert.Equal("/account", there.Address.AbsolutePath);
    }

    [Theory]
    [InlineData("wrong", "seventeen purple marmots dance", "current-problem")]
    [InlineData(ServerFixture.Password, "short", "password-problem")]
    [InlineData(ServerFixture.Password, "passwordpassword", "password-problem")]
    [InlineData("", "", "password-problem")]
    [Case(277)]
    public async Task A_password_is_not_changed_without_the_old_one_or_for_a_bad_one(string current, string fresh, string problem)
    {
        var person = await RegisterAsync();
        using var browser = await SignInAsync(person);
        await browser.GoAsync("/account/password");

        var answer = await browser.SendFormAsync("#change-password", ("current", current), ("password", fresh));

        Assert.Equal(400, answer.Status);
        Assert.NotNull(browser.Page.QuerySelector("#" + problem));
        using var again = await SignInAsync(person);
        Assert.Equal("/account", again.Address.AbsolutePath);
    }

    private static List<(string? Address, string? Current)> LinksOf(Browser browser) =>
    [
        .. browser.Page.QuerySelectorAll(".sections a[href^='/account']")
            .Select(link => (link.GetAttribute("href"), link.GetAttribute("aria-current"))),
    ];

    /// <summary>A new person with the usual password, signed in in a browser that is then closed.</summary>
    private async Task<string> RegisterAsync()
    {
        var email = $"person-{Guid.NewGuid():N}@example.com";
        using var browser = server.NewBrowser();
        await server.RegisterAsync(browser, email, ServerFixture.Password, "A Person");
        return email;
    }

    private async Task<Browser> SignInAsync(string userName)
    {
        var browser = server.NewBrowser();
        await browser.GoAsync("/signin");
        await browser.SignInAsync(userName, ServerFixture.Password);
        return browser;
    }

    private async Task<Answer> ConsentAsync(Browser browser, Client client, params (string Name, string? Value)[] changes)
    {
        await browser.GoAsync(client.AuthorizeAddress(changes));
        await browser.SendFormAsync("#consent", ("decision", "allow"));
        return await server.RedeemAsync(client, Flows.Parameters(browser.LeftTo!)["code"]);
    }
}
