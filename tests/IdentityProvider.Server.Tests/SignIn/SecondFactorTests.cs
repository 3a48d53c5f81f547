using IdentityProvider.Protocol.Clients;
using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.SignIn;

public sealed class SecondFactorTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    [Case(307)]
    public async Task Password_and_code_together_make_a_session_of_two_factors()
    {
        var person = await server.AddPersonWithAppAsync();
        var client = server.Register(TestClients.Public() with { RequireConsent = false });
        using var browser = server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());

        await browser.TypePasswordAsync(person.Name);
        Assert.Equal("/signin/second-factor", browser.Address.AbsolutePath);
        Assert.False(browser.IsSignedIn());
        await browser.TypeCodeAsync(person.App.FreshCode());

        var claims = await RedeemAsync(client, browser);
        Assert.Equal("2", claims.GetProperty("acr").GetString());
        Assert.Equal(["pwd", "otp", "mfa"], claims.GetProperty("amr").EnumerateArray().Select(value => value.GetString()!));
    }

    [Fact]
    [Case(307)]
    public async Task After_the_password_alone_nothing_opens()
    {
        var person = await server.AddPersonWithAppAsync();
        var client = server.Register(TestClients.Public() with { RequireConsent = false });
        using var browser = server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());
        var flow = browser.Address.Query;
        await browser.TypePasswordAsync(person.Name);

        foreach (var path in new[] { "/account", "/account/password", "/account/second-factor", "/account/second-factor/app", "/device" })
        {
            await browser.GoAsync(path);
            Assert.Equal("/signin", browser.Address.AbsolutePath);
        }

        await browser.GoAsync(client.AuthorizeAddress());
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        await browser.GoAsync("/connect/authorize?idp_flow=" + flow["?flow=".Length..]);
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        await browser.GoAsync(client.AuthorizeAddress(("prompt", "none")));
        Assert.Contains("error=login_required", browser.LeftTo!.Query, StringComparison.Ordinal);
        Assert.False(browser.IsSignedIn());
    }

    [Fact]
    [Case(307)]
    public async Task Who_has_an_app_cannot_set_up_another_on_the_way_in()
    {
        var person = await server.AddPersonWithAppAsync();
        using var browser = server.NewBrowser();
        await browser.GoAsync("/signin");
        await browser.TypePasswordAsync(person.Name);
        var form = browser.FieldsOf("#second-factor");

        await browser.GoAsync("/signin/set-up");
        Assert.Equal("/signin/second-factor", browser.Address.AbsolutePath);
        await browser.PostAsync("/signin/set-up", [.. form, KeyValuePair.Create("code2", "x")]);

        Assert.Equal("/signin/second-factor", browser.Address.AbsolutePath);
        Assert.False(browser.IsSignedIn());
    }

    [Fact]
    [Case(307)]
    public async Task Declining_is_no_way_round_what_the_account_asks()
    {
        var person = await server.AddPersonWithAppAsync();
        var client = server.Register(TestClients.Public());
        using var browser = server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress(("acr_values", "2")));
        await browser.TypePasswordAsync(person.Name);
        Assert.Null(browser.Page.QuerySelector("[value=decline]"));

        await browser.SendFormAsync("#second-factor", ("decision", "decline"));

        Assert.Equal(400, browser.Current!.Status);
        Assert.False(browser.IsSignedIn());
    }

    [Fact]
    public async Task The_code_page_alone_leads_to_the_sign_in_page()
    {
        using var browser = server.NewBrowser();
        foreach (var path in new[] { "/signin/second-factor", "/signin/recovery-code", "/signin/set-up" })
        {
            await browser.GoAsync(path);
            Assert.Equal("/signin", browser.Address.AbsolutePath);
        }
    }

    [Fact]
    [Case(311)]
    public async Task The_code_of_another_person_is_wrong()
    {
        var (alice, mallory) = (await server.AddPersonWithAppAsync(), await server.AddPersonWithAppAsync());
        using var browser = server.NewBrowser();
        await browser.GoAsync("/signin");
        await browser.TypePasswordAsync(alice.Name);

        var answer = await browser.TypeCodeAsync(mallory.App.FreshCode());

        Assert.Equal(400, answer.Status);
        Assert.NotNull(browser.Page.QuerySelector("#code-problem"));
        Assert.False(browser.IsSignedIn());
    }

    [Fact]
    [Clause("RFC 6238", "5.2", "The verifier MUST NOT accept the second attempt of the OTP after the successful validation has been issued for the first OTP.")]
    public async Task A_code_is_good_once()
    {
        var person = await server.AddPersonWithAppAsync();
        var code = person.App.FreshCode();
        using var first = server.NewBrowser();
        await first.GoAsync("/signin");
        await first.TypePasswordAsync(person.Name);
        await first.TypeCodeAsync(code);
        using var second = server.NewBrowser();
        await second.GoAsync("/signin");
        await second.TypePasswordAsync(person.Name);

        var answer = await second.TypeCodeAsync(code);

        Assert.True(first.IsSignedIn());
        Assert.Equal(400, answer.Status);
        Assert.False(second.IsSignedIn());
    }

    [Fact]
    [Case(310)]
    [Case(269)]
    public async Task After_five_wrong_codes_the_right_one_waits_and_the_owner_at_home_does_not()
    {
        var person = await server.AddPersonWithAppAsync();
        using var home = server.NewBrowser();
        await home.GoAsync("/signin");
        await home.TypePasswordAsync(person.Name);
        await home.TypeCodeAsync(person.App.FreshCode());
        using var thief = server.NewBrowser();
        await thief.GoAsync("/signin");
        await thief.TypePasswordAsync(person.Name);
        await GuessFiveTimesAsync(thief, person.App);

        await thief.TypeCodeAsync(person.App.Code());
        Assert.Equal("/signin/ended", thief.Address.AbsolutePath);
        await thief.GoAsync("/signin/second-factor");
        Assert.Equal("/signin", thief.Address.AbsolutePath);
        await thief.TypePasswordAsync(person.Name);
        var answer = await thief.TypeCodeAsync(person.App.Code());
        await home.GoAsync("/signin?fresh=true");
        await home.TypePasswordAsync(person.Name);
        await home.TypeCodeAsync(person.App.FreshCode());

        Assert.Equal(429, answer.Status);
        Assert.InRange(int.Parse(answer.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture), 1, 300);
        Assert.False(thief.IsSignedIn());
        Assert.Equal("/account", home.Address.AbsolutePath);
    }

    [Fact]
    [Case(310)]
    [Case(269)]
    public async Task A_copy_of_a_half_sign_in_has_no_guesses_of_its_own()
    {
        var person = await server.AddPersonWithAppAsync();
        using var thief = server.NewBrowser();
        await thief.GoAsync("/signin");
        await thief.TypePasswordAsync(person.Name);
        using var copy = server.CopyOf(thief);
        await GuessFiveTimesAsync(thief, person.App);
        server.Clock.Advance(TimeSpan.FromMinutes(5));

        await copy.GoAsync("/signin/second-factor");
        await copy.TypeCodeAsync(person.App.Code());

        Assert.Equal("/signin/ended", copy.Address.AbsolutePath);
        Assert.False(copy.IsSignedIn());
    }

    [Fact]
    [Case(313)]
    public async Task A_recovery_code_stands_in_once()
    {
        var person = await server.AddPersonWithAppAsync();
        using var first = await SignInWithRecoveryCodeAsync(person.Name, person.Codes[3].ToUpperInvariant());
        using var second = await SignInWithRecoveryCodeAsync(person.Name, person.Codes[3]);
        using var third = await SignInWithRecoveryCodeAsync(person.Name, person.Codes[4]);
        await third.GoAsync("/account/second-factor");

        Assert.True(first.IsSignedIn());
        Assert.False(second.IsSignedIn());
        Assert.True(third.IsSignedIn());
        Assert.StartsWith("8 of 10", third.Text("#codes-left"), StringComparison.Ordinal);
    }

    [Fact]
    [Case(313)]
    [Case(314)]
    public async Task New_recovery_codes_are_shown_once_and_end_the_old_ones()
    {
        var person = await server.AddPersonWithAppAsync();
        using var browser = await SignInWithAppAsync(person);
        await browser.GoAsync("/account/second-factor");
        await browser.SendFormAsync("#renew-codes");
        var fresh = browser.Page.QuerySelectorAll("#codes li").Select(code => code.TextContent.Trim()).ToList();
        await browser.GoAsync("/account/second-factor");

        using var old = await SignInWithRecoveryCodeAsync(person.Name, person.Codes[0]);
        using var renewed = await SignInWithRecoveryCodeAsync(person.Name, fresh[0]);

        Assert.Equal(10, fresh.Distinct().Count());
        Assert.DoesNotContain(fresh[0], browser.Current!.Body, StringComparison.Ordinal);
        Assert.False(old.IsSignedIn());
        Assert.True(renewed.IsSignedIn());
    }

    [Fact]
    [Case(277)]
    public async Task Removing_the_app_asks_for_a_fresh_proof_of_both()
    {
        var person = await server.AddPersonWithAppAsync();
        using var browser = await SignInWithAppAsync(person);
        await browser.GoAsync("/account/second-factor");
        server.Clock.Advance(TimeSpan.FromMinutes(6));

        await browser.SendFormAsync("#remove-app");
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        await browser.TypePasswordAsync(person.Name);
        await browser.TypeCodeAsync(person.App.FreshCode());
        Assert.Equal("/account/second-factor", browser.Address.AbsolutePath);
        await browser.SendFormAsync("#remove-app");

        Assert.NotNull(browser.Page.QuerySelector("#add-app"));
        using var after = await server.SignInAsync(person.Name);
        Assert.True(after.IsSignedIn());
    }

    [Fact]
    [Case(277)]
    public async Task Setting_up_an_app_asks_for_a_fresh_proof()
    {
        var name = await server.AddPersonAsync();
        using var browser = await server.SignInAsync(name);
        server.Clock.Advance(TimeSpan.FromMinutes(6));

        await browser.GoAsync("/account/second-factor/app");

        Assert.Equal("/signin", browser.Address.AbsolutePath);
    }

    [Fact]
    public async Task A_key_of_another_person_or_of_an_hour_ago_cannot_be_set_up()
    {
        var name = await server.AddPersonAsync();
        using var mallory = await server.SignInAsync(await server.AddPersonAsync());
        await mallory.GoAsync("/account/second-factor/app");
        var (offer, app) = (mallory.FieldsOf("#set-up")["offer"], new SecondFactorSteps.App(server, mallory.Text("#totp-key")));
        using var browser = await server.SignInAsync(name);
        await browser.GoAsync("/account/second-factor/app");

        var answer = await browser.SendFormAsync("#set-up", ("offer", offer), ("code", app.Code()));

        Assert.Equal(400, answer.Status);
        Assert.NotEqual(offer, browser.FieldsOf("#set-up")["offer"]);
    }

    [Fact]
    public async Task A_mistyped_first_code_leaves_the_same_key_on_the_page()
    {
        using var browser = await server.SignInAsync(await server.AddPersonAsync());
        await browser.GoAsync("/account/second-factor/app");
        var key = browser.Text("#totp-key");

        var answer = await browser.SendFormAsync("#set-up", ("code", new SecondFactorSteps.App(server, key).WrongCode()));

        Assert.Equal(400, answer.Status);
        Assert.Equal(key, browser.Text("#totp-key"));
        Assert.NotNull(browser.Page.QuerySelector("#code-problem"));
    }

    private static async Task GuessFiveTimesAsync(Browser browser, SecondFactorSteps.App app)
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(400, (await browser.TypeCodeAsync(app.WrongCode())).Status);
        }
    }

    private async Task<Browser> SignInWithAppAsync(SecondFactorSteps.Person person)
    {
        var browser = server.NewBrowser();
        await browser.GoAsync("/signin");
        await browser.TypePasswordAsync(person.Name);
        await browser.TypeCodeAsync(person.App.FreshCode());
        return browser;
    }

    private async Task<Browser> SignInWithRecoveryCodeAsync(string name, string code)
    {
        var browser = server.NewBrowser();
        await browser.GoAsync("/signin");
        await browser.TypePasswordAsync(name);
        await browser.GoAsync(browser.Page.QuerySelector("#use-recovery_code")!.GetAttribute("href")!);
        await browser.SendFormAsync("#recovery-code", ("code", code));
        return browser;
    }

    private async Task<System.Text.Json.JsonElement> RedeemAsync(Client client, Browser browser)
    {
        var code = Flows.Parameters(browser.LeftTo!)["code"];
        return SecondFactorSteps.ClaimsOf((await server.RedeemAsync(client, code)).Json.GetProperty("id_token").GetString()!);
    }
}
