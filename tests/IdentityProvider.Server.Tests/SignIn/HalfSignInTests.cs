using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.SignIn;

/// <summary>What cannot be done with a sign-in that is half done.</summary>
public sealed class HalfSignInTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string NewPassword = "another long pass phrase of mine";

    [Fact]
    [Case(307)]
    public async Task A_copied_half_sign_in_becomes_a_session_once()
    {
        using var browser = server.NewBrowser();
        await browser.GoAsync("/signin?returnUrl=/account&level=2");
        await browser.TypePasswordAsync(await server.AddPersonAsync());
        Assert.Equal("/signin/set-up", browser.Address.AbsolutePath);
        using var copy = server.CopyOf(browser);
        await copy.GoAsync(browser.Address.ToString());
        await browser.SendFormAsync("#set-up", ("decision", "decline"));

        await copy.SendFormAsync("#set-up", ("decision", "decline"));

        Assert.True(browser.IsSignedIn());
        Assert.Equal("/signin", copy.Address.AbsolutePath);
        Assert.False(copy.IsSignedIn());
    }

    [Fact]
    [Case(307)]
    public async Task A_new_password_ends_half_sign_ins()
    {
        var person = await server.AddPersonWithAppAsync();
        using var thief = await HalfSignedInAsync(person.Name);
        using var owner = await HalfSignedInAsync(person.Name);
        await owner.TypeCodeAsync(person.App.FreshCode());
        await owner.GoAsync("/account/password");
        await owner.SendFormAsync("#change-password", ("current", ServerFixture.Password), ("password", NewPassword));

        await thief.TypeCodeAsync(person.App.FreshCode());

        Assert.Equal("/signin", thief.Address.AbsolutePath);
        Assert.False(thief.IsSignedIn());
    }

    [Fact]
    [Case(307)]
    public async Task Removing_the_factor_ends_half_sign_ins_and_opens_none()
    {
        var person = await server.AddPersonWithAppAsync();
        using var thief = await HalfSignedInAsync(person.Name);
        using var owner = await HalfSignedInAsync(person.Name);
        await owner.TypeCodeAsync(person.App.FreshCode());
        await owner.GoAsync("/account/second-factor");
        await owner.SendFormAsync("#remove-app");

        await thief.GoAsync("/signin/second-factor");

        Assert.Equal("/signin", thief.Address.AbsolutePath);
        Assert.False(thief.IsSignedIn());
    }

    [Fact]
    [Case(307)]
    public async Task A_half_sign_in_of_one_client_is_worth_nothing_at_another()
    {
        var person = await server.AddPersonWithAppAsync();
        var shop = server.Register(TestClients.Public() with { RequireConsent = false });
        var bank = server.Register(TestClients.Public() with { RequireConsent = false, RequireAcr = "2" });
        using var browser = server.NewBrowser();
        await browser.GoAsync(shop.AuthorizeAddress());
        var shopFlow = browser.Address.Query;
        await browser.TypePasswordAsync(person.Name);
        await browser.GoAsync(bank.AuthorizeAddress());
        var bankFlow = browser.Address.Query;

        foreach (var page in new[] { "/signin/second-factor", "/signin/recovery-code", "/signin/set-up" })
        {
            await browser.GoAsync(page + bankFlow);
            Assert.Equal("/signin", browser.Address.AbsolutePath);
        }

        // The cookie of one flow under the name of the other is not taken either.
        var progress = browser.Cookies.GetAllCookies().Single(cookie => cookie.Name.StartsWith("__Host-idp-progress-", StringComparison.Ordinal));
        await browser.TypePasswordAsync(person.Name);
        var other = browser.Cookies.GetAllCookies().Single(
            cookie => cookie.Name.StartsWith("__Host-idp-progress-", StringComparison.Ordinal) && cookie.Name != progress.Name);
        browser.SetCookie(other.Name, progress.Value);
        await browser.GoAsync("/signin/second-factor" + bankFlow);
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        await browser.GoAsync("/signin/second-factor" + shopFlow);
        Assert.Equal("/signin/second-factor", browser.Address.AbsolutePath);
        Assert.False(browser.IsSignedIn());
    }

    [Fact]
    [Case(307)]
    [Case(275)]
    public async Task Signing_out_ends_the_raising_of_the_session()
    {
        var (person, browser) = await RaisingAsync();
        using var disposing = browser;
        using var copy = server.CopyOf(browser);
        await copy.GoAsync(browser.Address.ToString());
        await browser.GoAsync("/signout");
        await browser.SendFormAsync("#signout", ("decision", "signout"));

        await copy.TypeCodeAsync(person.App.FreshCode());

        Assert.Equal("/signin", copy.Address.AbsolutePath);
        await copy.GoAsync("/account");
        Assert.Equal("/signin", copy.Address.AbsolutePath);
    }

    [Fact]
    [Case(278)]
    public async Task Who_signs_in_meanwhile_is_not_raised_by_the_code_of_another()
    {
        var (person, browser) = await RaisingAsync();
        using var disposing = browser;
        var raising = browser.Address.ToString();
        await browser.GoAsync("/signin?fresh=true");
        await browser.TypePasswordAsync("alice");
        Assert.Equal("/account", browser.Address.AbsolutePath);

        await browser.GoAsync(raising);

        Assert.Equal("/signin/set-up", browser.Address.AbsolutePath);
        Assert.DoesNotContain(person.Name, browser.Text("main"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raising_what_another_tab_has_raised_changes_nothing()
    {
        var (person, browser) = await RaisingAsync();
        using var disposing = browser;
        var first = browser.Address.ToString();
        await browser.GoAsync("/signin?returnUrl=/account/second-factor&level=2");
        await browser.TypeCodeAsync(person.App.FreshCode());
        var session = browser.SessionCookie();

        await browser.GoAsync(first);
        await browser.SendFormAsync("#second-factor", ("decision", "decline"));

        Assert.Equal(session, browser.SessionCookie());
        Assert.Equal("/account", browser.Address.AbsolutePath);
    }

    [Fact]
    [Case(307)]
    public async Task A_form_of_another_browser_fills_in_no_step()
    {
        var person = await server.AddPersonWithAppAsync();
        using var browser = await HalfSignedInAsync(person.Name);
        var code = person.App.FreshCode();

        var answer = await browser.PostAsync(browser.Address.ToString(), [new("code", code), new("decision", "continue")]);

        Assert.Equal(403, answer.Status);
        Assert.False(browser.IsSignedIn());
    }

    [Fact]
    [Case(274)]
    public async Task A_session_put_into_a_browser_before_is_not_the_one_after()
    {
        var person = await server.AddPersonWithAppAsync();
        using var mallory = await server.SignInAsync(await server.AddPersonAsync());
        var planted = mallory.SessionCookie()!;
        using var victim = server.NewBrowser();
        victim.SetCookie("__Host-idp-session", planted);
        await victim.GoAsync("/signin?fresh=true");

        await victim.TypePasswordAsync(person.Name);
        Assert.Equal(planted, victim.SessionCookie());
        await victim.TypeCodeAsync(person.App.FreshCode());
        await mallory.GoAsync("/account");

        Assert.NotEqual(planted, victim.SessionCookie());
        Assert.Equal("/signin", mallory.Address.AbsolutePath);
    }

    [Fact]
    public async Task Who_needs_a_factor_that_cannot_be_set_up_here_is_told_what_to_do()
    {
        using var strict = ServerFixture.With("""{ "SignIn": { "methods": ["password", "passkey"], "require_second_factor": true } }""");
        var client = strict.Register(TestClients.Public());
        using var browser = strict.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());

        await browser.TypePasswordAsync(await strict.AddPersonAsync());

        Assert.Equal("/signin/ended", browser.Address.AbsolutePath);
        Assert.Contains("please ask the people who look after this service", browser.Text("main"), StringComparison.Ordinal);
        Assert.False(browser.IsSignedIn());
        await browser.GoAsync(browser.Page.QuerySelector("#signin-link")!.GetAttribute("href")!);
        Assert.NotNull(browser.Page.QuerySelector("#signin"));
    }

    [Fact]
    [Case(307)]
    public async Task A_client_takes_only_the_sign_ins_it_names()
    {
        var client = server.Register(TestClients.Public() with { RequireConsent = false, SignInMethods = ["passkey"] });
        var name = await server.AddPersonAsync();
        using var browser = await server.SignInAsync(name);

        await browser.GoAsync(client.AuthorizeAddress());
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        Assert.Null(browser.Page.QuerySelector("#password"));
        var flow = browser.Address;
        await browser.GoAsync("/account/password");
        var token = browser.FieldsOf("#change-password")["__RequestVerificationToken"];
        var answer = await browser.PostAsync(
            flow.ToString(),
            [new("username", name), new("password", ServerFixture.Password), new("__RequestVerificationToken", token)]);

        Assert.Equal(404, answer.Status);
        await browser.GoAsync(client.AuthorizeAddress(("prompt", "none")));
        Assert.Contains("error=login_required", browser.LeftTo!.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_of_factors_are_told_by_mail()
    {
        var email = Guid.NewGuid().ToString("N") + "@example.com";
        var person = await server.AddPersonWithAppAsync(account => account.Email = email);
        var added = await server.Mails.NextAsync(email);
        using var browser = await HalfSignedInAsync(person.Name);
        await browser.GoAsync("/signin/recovery-code");
        await browser.SendFormAsync("#recovery-code", ("code", person.Codes[0]));
        var used = await server.Mails.NextAsync(email);
        await browser.GoAsync("/account/second-factor");
        await browser.SendFormAsync("#renew-codes");
        var renewed = await server.Mails.NextAsync(email);
        await browser.GoAsync("/account/second-factor");
        await browser.SendFormAsync("#remove-app");
        var removed = await server.Mails.NextAsync(email);

        Assert.Equal("A second step was added to your sign-in", added.Subject);
        Assert.Contains("“Authenticator app”", added.Text, StringComparison.Ordinal);
        Assert.Equal("A recovery code was used", used.Subject);
        Assert.Equal("New recovery codes were made", renewed.Subject);
        Assert.Equal("A second step was removed from your sign-in", removed.Subject);
        Assert.All(new[] { added, used, renewed, removed }, mail => Assert.DoesNotContain(person.Codes[0], mail.Text, StringComparison.Ordinal));
    }

    private async Task<Browser> HalfSignedInAsync(string name)
    {
        var browser = server.NewBrowser();
        await browser.GoAsync("/signin");
        await browser.TypePasswordAsync(name);
        Assert.Equal("/signin/second-factor", browser.Address.AbsolutePath);
        return browser;
    }

    /// <summary>Signed in with one factor, as trusted browsers are, and asked for the second.</summary>
    private async Task<(SecondFactorSteps.Person Person, Browser Browser)> RaisingAsync()
    {
        var person = await server.AddPersonWithAppAsync();
        var browser = await HalfSignedInAsync(person.Name);
        await browser.TypeCodeAsync(person.App.FreshCode(), ("trust", "true"));
        await browser.GoAsync("/signin?fresh=true");
        await browser.TypePasswordAsync(person.Name);
        await browser.GoAsync("/signin?returnUrl=/account&level=2");
        Assert.Equal("/signin/second-factor", browser.Address.AbsolutePath);
        return (person, browser);
    }
}
