using System.Text.Json;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.SignIn;

public sealed class StepUpTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string EssentialTwo = """{"id_token":{"acr":{"essential":true,"values":["2"]}}}""";

    [Fact]
    public async Task The_metadata_names_the_levels_that_can_be_reached()
    {
        var metadata = await server.GetAsync("/.well-known/openid-configuration");
        using var plain = ServerFixture.With("""{ "SignIn": { "methods": ["password"] } }""");
        var other = await plain.GetAsync("/.well-known/openid-configuration");

        Assert.Equal(["1", "2", "3"], metadata.Json.GetProperty("acr_values_supported").EnumerateArray().Select(value => value.GetString()!));
        Assert.Equal(["1"], other.Json.GetProperty("acr_values_supported").EnumerateArray().Select(value => value.GetString()!));
    }

    [Theory]
    [InlineData("claims", EssentialTwo)]
    [InlineData("acr_values", "2")]
    [Case(308)]
    [Clause("RFC 9470", "5", "the requested acr value is included in the access token if the authentication operation successfully met its requirements")]
    public async Task A_session_of_one_factor_is_raised_by_the_second_alone(string parameter, string value)
    {
        var (person, browser) = await SignedInWithOneFactorAsync();
        using var disposing = browser;
        var client = server.Register(TestClients.Public() with { RequireConsent = false });
        var before = browser.SessionCookie();
        await browser.GoAsync(client.AuthorizeAddress());
        var low = await RedeemAsync(client, browser);

        await browser.GoAsync(client.AuthorizeAddress((parameter, value)));
        Assert.Equal("/signin/second-factor", browser.Address.AbsolutePath);
        await browser.TypeCodeAsync(person.App.FreshCode());
        var high = await RedeemAsync(client, browser);

        Assert.Equal(("1", "2"), (low.GetProperty("acr").GetString(), high.GetProperty("acr").GetString()));
        Assert.Equal(low.GetProperty("sid").GetString(), high.GetProperty("sid").GetString());
        Assert.Equal(low.GetProperty("auth_time").GetInt64(), high.GetProperty("auth_time").GetInt64());
        Assert.NotEqual(before, browser.SessionCookie());
        using var thief = server.NewBrowser();
        thief.SetCookie("__Host-idp-session", before!);
        await thief.GoAsync("/account");
        Assert.Equal("/signin", thief.Address.AbsolutePath);
    }

    [Theory]
    [InlineData("claims", EssentialTwo, "login_required")]
    [InlineData("acr_values", "2", null)]
    public async Task Silently_a_wish_is_let_go_and_a_demand_is_not(string parameter, string value, string? error)
    {
        var (_, browser) = await SignedInWithOneFactorAsync();
        using var disposing = browser;
        var client = server.Register(TestClients.Public() with { RequireConsent = false });

        await browser.GoAsync(client.AuthorizeAddress((parameter, value), ("prompt", "none")));

        var response = Flows.Parameters(browser.LeftTo!);
        Assert.Equal(error, response.GetValueOrDefault("error"));
        Assert.Equal(error is null, response.ContainsKey("code"));
    }

    [Theory]
    [InlineData("claims", EssentialTwo, "unmet_authentication_requirements")]
    [InlineData("acr_values", "2", null)]
    public async Task Who_declines_gives_the_client_what_it_may_have(string parameter, string value, string? error)
    {
        using var browser = await server.SignInAsync(await server.AddPersonAsync());
        var client = server.Register(TestClients.Public() with { RequireConsent = false });
        await browser.GoAsync(client.AuthorizeAddress((parameter, value)));
        Assert.Equal("/signin/set-up", browser.Address.AbsolutePath);

        await browser.SendFormAsync("#set-up", ("decision", "decline"));

        var response = Flows.Parameters(browser.LeftTo!);
        Assert.Equal(error, response.GetValueOrDefault("error"));
        Assert.Equal(error is null, response.ContainsKey("code"));
    }

    [Theory]
    [InlineData("""{"id_token":{"acr":{"essential":true,"values":["3"]}}}""")]
    [InlineData("""{"id_token":{"acr":{"essential":true,"value":"urn:example:gold"}}}""")]
    public async Task A_level_that_nobody_can_reach_is_an_error(string claims)
    {
        using var browser = await server.SignInAsync("alice");
        var client = server.Register(TestClients.Public() with { RequireConsent = false });

        await browser.GoAsync(client.AuthorizeAddress(("claims", claims)));

        Assert.Equal("unmet_authentication_requirements", Flows.Parameters(browser.LeftTo!)["error"]);
    }

    [Fact]
    [Clause("OIDC Core", "5.5.1.1", "the Authorization Server MUST return an acr Claim Value that matches one of the requested values")]
    public async Task A_higher_session_answers_a_lower_level_with_the_level_asked_for()
    {
        var person = await server.AddPersonWithAppAsync();
        var client = server.Register(TestClients.Public() with { RequireConsent = false });
        using var browser = server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress(("claims", """{"id_token":{"acr":{"essential":true,"values":["1"]}}}""")));
        await browser.TypePasswordAsync(person.Name);
        await browser.TypeCodeAsync(person.App.FreshCode());

        Assert.Equal("1", (await RedeemAsync(client, browser)).GetProperty("acr").GetString());
    }

    [Fact]
    [Case(308)]
    public async Task The_level_a_client_requires_is_asked_of_everybody()
    {
        var client = server.Register(TestClients.Public() with { RequireConsent = false, RequireAcr = "2" });
        using var browser = await server.SignInAsync(await server.AddPersonAsync());

        await browser.GoAsync(client.AuthorizeAddress());
        Assert.Equal("/signin/set-up", browser.Address.AbsolutePath);
        var app = new SecondFactorSteps.App(server, browser.Text("#totp-key"));
        await browser.SendFormAsync("#set-up", ("code", app.Code()), ("decision", "continue"));
        await browser.GoAsync(browser.Page.QuerySelector("#continue")!.GetAttribute("href")!);

        Assert.Equal("2", (await RedeemAsync(client, browser)).GetProperty("acr").GetString());
    }

    [Fact]
    [Case(308)]
    public async Task Who_holds_only_an_old_session_cannot_set_up_a_factor_of_their_own()
    {
        var client = server.Register(TestClients.Public() with { RequireConsent = false, RequireAcr = "2" });
        using var thief = await server.SignInAsync(await server.AddPersonAsync());
        server.Clock.Advance(TimeSpan.FromMinutes(6));

        await thief.GoAsync(client.AuthorizeAddress());
        Assert.Equal("/signin", thief.Address.AbsolutePath);
        await thief.GoAsync("/signin/set-up" + thief.Address.Query);

        Assert.Equal("/signin", thief.Address.AbsolutePath);
    }

    [Fact]
    public async Task A_wish_for_max_age_and_level_signs_in_anew_with_both()
    {
        var (person, browser) = await SignedInWithOneFactorAsync();
        using var disposing = browser;
        server.Clock.Advance(TimeSpan.FromMinutes(10));
        var client = server.Register(TestClients.Public() with { RequireConsent = false });

        await browser.GoAsync(client.AuthorizeAddress(("acr_values", "2"), ("max_age", "300")));
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        await browser.TypePasswordAsync(person.Name);
        await browser.TypeCodeAsync(person.App.FreshCode());
        var claims = await RedeemAsync(client, browser);

        Assert.Equal("2", claims.GetProperty("acr").GetString());
        Assert.InRange(server.Clock.GetUtcNow().ToUnixTimeSeconds() - claims.GetProperty("auth_time").GetInt64(), 0, 5);
    }

    [Fact]
    [Case(278)]
    public async Task What_was_proved_for_one_flow_counts_for_no_other_flow_and_no_other_browser()
    {
        var person = await server.AddPersonWithAppAsync();
        var client = server.Register(TestClients.Public() with { RequireConsent = false });
        using var browser = server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());
        var first = browser.Address.Query;
        await browser.TypePasswordAsync(person.Name);
        await browser.GoAsync(client.AuthorizeAddress());
        var second = browser.Address.Query;
        using var stranger = server.NewBrowser();

        await browser.GoAsync("/signin/second-factor" + second);
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        await browser.GoAsync("/signin/second-factor");
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        await stranger.GoAsync("/signin/second-factor" + first);
        Assert.Equal(400, stranger.Current!.Status);
        await browser.GoAsync("/signin/second-factor" + first);
        Assert.Equal("/signin/second-factor", browser.Address.AbsolutePath);
        await browser.TypeCodeAsync(person.App.FreshCode());

        Assert.Contains("code=", browser.LeftTo!.Query, StringComparison.Ordinal);
    }

    [Fact]
    [Case(278)]
    public async Task Two_tabs_with_two_people_end_as_the_one_who_finished()
    {
        var (alice, bob) = (await server.AddPersonWithAppAsync(), await server.AddPersonWithAppAsync());
        var client = server.Register(TestClients.Public() with { RequireConsent = false });
        using var browser = server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());
        var first = browser.Address.Query;
        await browser.TypePasswordAsync(alice.Name);
        await browser.GoAsync(client.AuthorizeAddress());
        await browser.TypePasswordAsync(bob.Name);

        var crossed = await browser.TypeCodeAsync(alice.App.FreshCode());
        await browser.TypeCodeAsync(bob.App.Code());
        var code = Flows.Parameters(browser.LeftTo!)["code"];
        await browser.GoAsync(new Uri(new Uri(ServerFixture.Issuer), "/signin/second-factor" + first).ToString());

        Assert.Equal(400, crossed.Status);
        Assert.Contains(alice.Name, browser.Text("main"), StringComparison.Ordinal);
        var claims = SecondFactorSteps.ClaimsOf((await server.RedeemAsync(client, code)).Json.GetProperty("id_token").GetString()!);
        await browser.GoAsync("/account");
        Assert.Contains(bob.Name, browser.Text("main"), StringComparison.Ordinal);
        Assert.Equal("2", claims.GetProperty("acr").GetString());
    }

    [Fact]
    public async Task A_half_sign_in_ends_after_ten_minutes_with_a_new_password_and_with_its_use()
    {
        var person = await server.AddPersonWithAppAsync();
        using var late = server.NewBrowser();
        await late.GoAsync("/signin");
        await late.TypePasswordAsync(person.Name);
        var cookies = late.Cookies.GetAllCookies().ToDictionary(cookie => cookie.Name, cookie => cookie.Value, StringComparer.Ordinal);
        server.Clock.Advance(TimeSpan.FromMinutes(10));
        var form = late.FieldsOf("#second-factor");
        await late.PostAsync("/signin/second-factor", [.. form.Where(pair => pair.Key is not "code"), new("code", person.App.FreshCode())]);

        Assert.Equal("/signin", late.Address.AbsolutePath);
        Assert.Contains(cookies.Keys, name => name.StartsWith("__Host-idp-progress-", StringComparison.Ordinal));
        Assert.False(late.IsSignedIn());
    }

    [Fact]
    public async Task A_forged_half_sign_in_is_none()
    {
        var person = await server.AddPersonWithAppAsync();
        using var browser = server.NewBrowser();
        await browser.GoAsync("/signin");
        await browser.TypePasswordAsync(person.Name);
        var cookie = browser.Cookies.GetAllCookies().Single(cookie => cookie.Name.StartsWith("__Host-idp-progress-", StringComparison.Ordinal));

        foreach (var value in new[] { cookie.Value[..^4] + "AAAA", "AAAA", new string('A', 1000), "%00" })
        {
            browser.SetCookie(cookie.Name, value);
            await browser.GoAsync("/signin/second-factor");
            Assert.Equal("/signin", browser.Address.AbsolutePath);
        }
    }

    private async Task<(SecondFactorSteps.Person Person, Browser Browser)> SignedInWithOneFactorAsync()
    {
        // Trusted browsers sign in with one factor, and say so.
        var person = await server.AddPersonWithAppAsync();
        var browser = server.NewBrowser();
        await browser.GoAsync("/signin");
        await browser.TypePasswordAsync(person.Name);
        await browser.TypeCodeAsync(person.App.FreshCode(), ("trust", "true"));
        await browser.GoAsync("/signin?fresh=true");
        await browser.TypePasswordAsync(person.Name);
        Assert.Equal("/account", browser.Address.AbsolutePath);
        return (person, browser);
    }

    private async Task<JsonElement> RedeemAsync(Client client, Browser browser)
    {
        var code = Flows.Parameters(browser.LeftTo!)["code"];
        return SecondFactorSteps.ClaimsOf((await server.RedeemAsync(client, code)).Json.GetProperty("id_token").GetString()!);
    }
}
