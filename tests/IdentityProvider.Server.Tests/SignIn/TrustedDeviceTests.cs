using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.SignIn;

public sealed class TrustedDeviceTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task A_trusted_browser_is_not_asked_for_thirty_days()
    {
        var person = await server.AddPersonWithAppAsync();
        using var browser = await TrustAsync(person);

        Assert.Equal("/account", await SignInAgainAsync(browser, person.Name));
        server.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal("/signin/second-factor", await SignInAgainAsync(browser, person.Name));
    }

    [Fact]
    [Case(316)]
    public async Task Trust_is_for_one_browser_and_one_account()
    {
        var (alice, bob) = (await server.AddPersonWithAppAsync(), await server.AddPersonWithAppAsync());
        using var browser = await TrustAsync(alice);
        using var other = server.NewBrowser();

        Assert.Equal("/signin/second-factor", await SignInAgainAsync(browser, bob.Name));
        Assert.Equal("/signin/second-factor", await SignInAgainAsync(other, alice.Name));
    }

    [Fact]
    [Case(316)]
    public async Task Trust_ends_with_a_new_password()
    {
        var person = await server.AddPersonWithAppAsync();
        using var browser = await TrustAsync(person);
        await browser.GoAsync("/account/password");
        await browser.SendFormAsync(
            "#change-password", ("current", ServerFixture.Password), ("password", "another long pass phrase of mine"));
        await browser.GoAsync("/signin?fresh=true");

        await browser.SignInAsync(person.Name, "another long pass phrase of mine");

        Assert.Equal("/signin/second-factor", browser.Address.AbsolutePath);
    }

    [Fact]
    public async Task A_new_password_keeps_the_level_of_the_session()
    {
        var client = server.Register(TestClients.Public() with { RequireConsent = false, RequireAcr = "2" });
        var person = await server.AddPersonWithAppAsync();
        using var browser = await TrustAsync(person);
        await browser.GoAsync("/account/password");
        await browser.SendFormAsync(
            "#change-password", ("current", ServerFixture.Password), ("password", "another long pass phrase of mine"));

        await browser.GoAsync(client.AuthorizeAddress());

        Assert.Contains("code=", browser.LeftTo!.Query, StringComparison.Ordinal);
    }

    [Fact]
    [Case(316)]
    public async Task Trust_is_listed_and_can_be_taken_back()
    {
        var person = await server.AddPersonWithAppAsync();
        using var browser = await TrustAsync(person);
        await browser.GoAsync("/account/second-factor");
        Assert.Single(browser.Page.QuerySelectorAll("[data-device]"));

        await browser.SendFormAsync("#devices form");

        Assert.Empty(browser.Page.QuerySelectorAll("[data-device]"));
        Assert.Equal("/signin/second-factor", await SignInAgainAsync(browser, person.Name));
    }

    [Fact]
    [Case(316)]
    public async Task The_trust_of_others_cannot_be_taken_back()
    {
        var person = await server.AddPersonWithAppAsync();
        using var browser = await TrustAsync(person);
        await browser.GoAsync("/account/second-factor");
        var form = browser.FieldsOf("#devices form");
        using var stranger = await server.SignInAsync("alice");
        await stranger.GoAsync("/account/second-factor/app");
        var token = stranger.FieldsOf("#set-up")["__RequestVerificationToken"];

        var answer = await stranger.PostAsync(
            "/account/second-factor?handler=Forget",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["device"] = form["device"], ["__RequestVerificationToken"] = token });

        Assert.Equal(404, answer.Status);
        Assert.Equal("/account", await SignInAgainAsync(browser, person.Name));
    }

    [Theory]
    [InlineData("acr_values", "2")]
    [InlineData("prompt", "login")]
    public async Task Trust_does_not_count_where_the_request_asks_for_more(string parameter, string value)
    {
        var client = server.Register(TestClients.Public() with { RequireConsent = false });
        var person = await server.AddPersonWithAppAsync();
        using var browser = await TrustAsync(person);
        await browser.GoAsync("/signout");
        await browser.SubmitAsync("signout");
        await browser.GoAsync(client.AuthorizeAddress((parameter, value)));

        await browser.TypePasswordAsync(person.Name);

        Assert.Equal("/signin/second-factor", browser.Address.AbsolutePath);
    }

    [Fact]
    public async Task Trust_is_not_offered_when_it_is_switched_off()
    {
        using var strict = ServerFixture.With("""{ "SignIn": { "remember_second_factor": 0 } }""");
        var person = await strict.AddPersonWithAppAsync();
        using var browser = strict.NewBrowser();
        await browser.GoAsync("/signin");
        await browser.TypePasswordAsync(person.Name);
        Assert.Null(browser.Page.QuerySelector("#trust"));

        await browser.TypeCodeAsync(person.App.FreshCode(), ("trust", "true"));
        await browser.GoAsync("/signin?fresh=true");
        await browser.TypePasswordAsync(person.Name);

        Assert.Equal("/signin/second-factor", browser.Address.AbsolutePath);
    }

    [Theory]
    [InlineData("""{ "SignIn": { "require_second_factor": true } }""", false, null)]
    [InlineData("""{ "SignIn": { "require_second_factor_roles": ["admin"] } }""", false, """{"roles":["staff","admin"]}""")]
    [InlineData("{}", true, null)]
    [Case(280)]
    public async Task Who_needs_a_second_factor_sets_it_up_before_the_session_begins(string settings, bool ofAccount, string? claims)
    {
        using var strict = ServerFixture.With(settings);
        var name = await strict.AddPersonAsync(account => (account.RequiresSecondFactor, account.Claims) = (ofAccount, claims));
        var client = strict.Register(TestClients.Public() with { RequireConsent = false });
        using var browser = strict.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());
        await browser.TypePasswordAsync(name);
        var setUp = browser.Address.PathAndQuery;
        Assert.Equal("/signin/set-up", browser.Address.AbsolutePath);
        Assert.Null(browser.Page.QuerySelector("[value=decline]"));

        await browser.GoAsync(client.AuthorizeAddress());
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        await browser.GoAsync("/account");
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        await browser.GoAsync(setUp);
        var app = new SecondFactorSteps.App(strict, browser.Text("#totp-key"));
        await browser.SendFormAsync("#set-up", ("code", app.Code()), ("decision", "continue"));
        await browser.GoAsync(browser.Page.QuerySelector("#continue")!.GetAttribute("href")!);

        Assert.Contains("code=", browser.LeftTo!.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_that_is_switched_off_cannot_be_used()
    {
        using var without = ServerFixture.With("""{ "SignIn": { "methods": ["password"] } }""");
        var name = await without.AddPersonAsync();
        using var browser = await without.SignInAsync(name);

        await browser.GoAsync("/account/second-factor/app");

        Assert.Equal(404, browser.Current!.Status);
    }

    private static async Task<string> SignInAgainAsync(Browser browser, string name)
    {
        await browser.GoAsync("/signin?fresh=true");
        await browser.TypePasswordAsync(name);
        return browser.Address.AbsolutePath;
    }

    private async Task<Browser> TrustAsync(SecondFactorSteps.Person person)
    {
        var browser = server.NewBrowser();
        await browser.GoAsync("/signin");
        await browser.TypePasswordAsync(person.Name);
        await browser.TypeCodeAsync(person.App.FreshCode(), ("trust", "true"));
        Assert.Equal("/account", browser.Address.AbsolutePath);
        return browser;
    }
}
