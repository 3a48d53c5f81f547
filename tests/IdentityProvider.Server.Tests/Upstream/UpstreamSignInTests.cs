using System.Text;
using System.Text.Json.Nodes;
using IdentityProvider.Accounts;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Server.Tests.SignIn;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Upstream;

public sealed class UpstreamSignInTests(UpstreamFixture upstream) : IClassFixture<UpstreamFixture>
{
    private ServerFixture Server => upstream.Server;

    [Fact]
    [Clause("OIDC Core", "3.1.2.1", "request parameters: response_type, client_id, redirect_uri, scope with openid, state, nonce")]
    [Clause("RFC 9700", "2.1.1", "clients MUST use PKCE; S256")]
    public async Task The_provider_is_asked_with_pkce_state_and_nonce_at_a_redirect_uri_of_its_own()
    {
        using var browser = Server.NewBrowser();
        await browser.GoAsync("/signin");

        var request = await UpstreamFixture.PressAsync(browser, "acme");

        var query = Flows.Parameters(request);
        Assert.Equal(upstream.Acme.Issuer + "/authorize", request.GetLeftPart(UriPartial.Path));
        Assert.Equal(
            ("1", "code", FakeProvider.ClientId, ServerFixture.Issuer + "/signin/upstream/acme/callback", "openid profile email", "S256"),
            (query["tenant"], query["response_type"], query["client_id"], query["redirect_uri"], query["scope"], query["code_challenge_method"]));
        Assert.All(new[] { "state", "nonce", "code_challenge" }, name => Assert.True(query[name].Length >= 43));
        Assert.DoesNotContain("prompt", query.Keys);
        var cookie = Assert.Single(
            browser.Cookies.GetAllCookies(), cookie => cookie.Name.StartsWith("__Host-idp-upstream-", StringComparison.Ordinal));
        Assert.True(cookie is { Secure: true, HttpOnly: true, Path: "/" });
        Assert.DoesNotContain(cookie.Value, request.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_new_gets_an_account_and_comes_back_to_it()
    {
        using var first = Server.NewBrowser();
        using var second = Server.NewBrowser();
        (string, JsonNode)[] claims =
        [
            ("email", "Nora@Example.org"), ("email_verified", true), ("name", "Nora"), ("roles", new JsonArray("admin")),
            ("preferred_username", "alice"), ("phone_number", "+1"), ("groups", new JsonArray("staff")),
        ];

        await upstream.SignInAsync(first, "acme", "nora", claims);
        await upstream.SignInAsync(second, "acme", "nora", ("email", "another@example.org"), ("email_verified", true));

        Assert.Equal("/account", first.Address.AbsolutePath);
        var account = (await upstream.WhoAsync(first))!;
        Assert.Equal(
            ("Nora@Example.org", "Nora@Example.org", true, null, """{"name":"Nora"}"""),
            (account.UserName, account.Email, account.EmailConfirmed, account.PasswordHash, account.Claims));
        Assert.Equal(account.Id, (await upstream.WhoAsync(second))!.Id);
        var request = upstream.Acme.TokenRequests.Last();
        Assert.Equal(
            "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{FakeProvider.ClientId}:{Uri.EscapeDataString(FakeProvider.Secret)}")),
            request["authorization"]);
        Assert.DoesNotContain("client_secret", request.Keys);
    }

    [Fact]
    [Clause("RFC 8176", "2", "amr values name methods; there is none for another provider's word")]
    public async Task A_client_learns_one_factor_and_no_method_that_we_did_not_see()
    {
        var client = Server.Register(TestClients.Public());
        using var browser = Server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());
        await browser.GoAsync(upstream.Acme.Agree(await UpstreamFixture.PressAsync(browser, "acme"), "flow", ("acr", "gold"), ("amr", new JsonArray("hwk"))));

        var tokens = await Server.RedeemAsync(client, Flows.Parameters(browser.LeftTo!)["code"]);

        var claims = SecondFactorSteps.ClaimsOf(tokens.IdToken);
        Assert.Equal("1", claims.GetProperty("acr").GetString());
        Assert.False(claims.TryGetProperty("amr", out _));
    }

    [Theory]
    [InlineData("gold", "2")]
    [InlineData("silver", "1")]
    public async Task Only_a_mapped_acr_stands_for_more_than_one_factor(string said, string given)
    {
        var client = Server.Register(TestClients.Public());
        using var browser = Server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());
        await browser.GoAsync(upstream.Acme.Agree(
            await UpstreamFixture.PressAsync(browser, "staff"), "acr-" + said, ("acr", said), ("email", said + "@staff.example"), ("email_verified", true)));

        var tokens = await Server.RedeemAsync(client, Flows.Parameters(browser.LeftTo!)["code"]);

        Assert.Equal(given, SecondFactorSteps.ClaimsOf(tokens.IdToken).GetProperty("acr").GetString());
    }

    [Fact]
    public async Task First_sign_ins_at_once_make_one_account()
    {
        for (var round = 0; round < 5; round++)
        {
            var browsers = Enumerable.Range(0, 8).Select(_ => Server.NewBrowser()).ToList();
            var answers = new List<string>();
            foreach (var browser in browsers)
            {
                await browser.GoAsync("/signin");
                var request = await UpstreamFixture.PressAsync(browser, "acme");
                answers.Add(upstream.Acme.Agree(request, $"twin-{round}", ("email", $"twin-{round}@example.org"), ("email_verified", true)));
            }

            await Task.WhenAll(browsers.Select((browser, number) => Task.Run(() => browser.GoAsync(answers[number]))));

            Assert.All(browsers, browser => Assert.Equal("/account", browser.Address.AbsolutePath));
            var accounts = await Task.WhenAll(browsers.Select(upstream.WhoAsync));
            Assert.Single(accounts.Select(account => account!.Id).Distinct());
            browsers.ForEach(browser => browser.Dispose());
        }
    }

    [Theory]
    [InlineData("alice@example.com")]
    [InlineData("ALICE@EXAMPLE.COM")]
    [Case(329)]
    public async Task An_equal_address_links_nothing_and_asks_for_the_account_itself(string email)
    {
        using var browser = Server.NewBrowser();

        var answer = await upstream.SignInAsync(browser, "acme", "not-alice", ("email", email), ("email_verified", true));

        Assert.Equal(403, answer.Status);
        Assert.Equal("/signin", new Uri(browser.Address, browser.Page.QuerySelector("#next")!.GetAttribute("href")!).AbsolutePath);
        Assert.DoesNotContain("alice", answer.Body, StringComparison.OrdinalIgnoreCase);
        Assert.Null(browser.SessionCookie());
        Assert.Null(await upstream.FindAccountAsync("acme", upstream.Acme.Issuer, "not-alice"));
    }

    [Theory]
    [InlineData("false")]
    [InlineData("\"yes\"")]
    [InlineData("1")]
    [InlineData("null")]
    [Case(329)]
    public async Task An_address_that_is_not_verified_there_is_not_taken(string verified)
    {
        using var browser = Server.NewBrowser();
        var subject = "unverified-" + Guid.NewGuid().ToString("N");

        await upstream.SignInAsync(browser, "acme", subject, ("email", "alice@example.com"), ("email_verified", JsonNode.Parse(verified)!));

        var account = (await upstream.WhoAsync(browser))!;
        Assert.Equal((null, false), (account.Email, account.EmailConfirmed));
        Assert.StartsWith("acme-", account.UserName, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_makes_no_accounts_lets_in_only_who_is_linked()
    {
        using var browser = Server.NewBrowser();
        upstream.Other.UserInfo = new JsonObject { ["sub"] = "stranger" };

        var answer = await upstream.SignInAsync(browser, "closed", "stranger", ("email", "stranger@example.org"), ("email_verified", true));

        Assert.Equal(403, answer.Status);
        Assert.Null(browser.SessionCookie());
        Assert.Equal(FakeProvider.Secret, upstream.Other.TokenRequests.Last()["client_secret"]);
    }

    [Theory]
    [InlineData("eve@example.org", "true")]
    [InlineData("eve@staff.example", "false")]
    [InlineData("eve@sub.staff.example", "true")]
    [InlineData("eve@staff.example@example.org", "true")]
    [InlineData(null, "true")]
    [Case(329)]
    public async Task Only_verified_addresses_of_the_admitted_domains_come_in(string? email, string verified)
    {
        using var browser = Server.NewBrowser();
        (string, JsonNode)[] claims = email is null ? [] : [("email", email), ("email_verified", JsonNode.Parse(verified)!)];

        var answer = await upstream.SignInAsync(browser, "staff", "eve", claims);

        Assert.Equal(403, answer.Status);
        Assert.Null(browser.SessionCookie());
        Assert.Null(await upstream.FindAccountAsync("staff", upstream.Acme.Issuer, "eve"));
    }

    [Fact]
    [Case(331)]
    public async Task A_disabled_provider_is_refused_everywhere()
    {
        using var browser = await Server.SignInAsync("alice");
        await browser.GoAsync("/account/linked");
        var link = browser.FieldsOf("#link form");
        link["provider"] = "off";

        var linked = await browser.PostAsync("/account/linked?handler=Link", link);
        var started = await browser.GoAsync("/signin/upstream/off?fresh=true");
        var returned = await browser.GoAsync("/signin/upstream/off/callback?code=x&state=y");
        await browser.GoAsync("/signin?fresh=true");

        Assert.Equal((404, 404, 404), (linked.Status, started.Status, returned.Status));
        Assert.Null(browser.Page.QuerySelector("[data-provider=off]"));
        Assert.NotNull(browser.Page.QuerySelector("[data-provider=acme]"));
    }

    [Fact]
    public async Task Who_cancels_there_reads_so_here_and_can_go_on_with_the_client()
    {
        var client = Server.Register(TestClients.Public());
        using var browser = Server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());
        var request = await UpstreamFixture.PressAsync(browser, "acme");

        var answer = await browser.GoAsync(FakeProvider.Answer(
            request, ("error", "access_denied"), ("error_description", "<b>pwned</b>"), ("iss", upstream.Acme.Issuer)));
        Assert.Equal(400, answer.Status);
        Assert.DoesNotContain("pwned", answer.Body, StringComparison.Ordinal);
        await browser.GoAsync(browser.Page.QuerySelector("#next")!.GetAttribute("href")!);
        await browser.SubmitAsync("signin", ("username", "alice"), ("password", ServerFixture.Password));

        Assert.Contains("code", Flows.Parameters(browser.LeftTo!).Keys);
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("max_age", "600")]
    [Clause("OIDC Core", "3.1.3.7", "If the max_age parameter was requested, the Client SHOULD check the auth_time Claim value")]
    public async Task A_new_proof_is_demanded_from_the_provider_and_checked(string parameter, string value)
    {
        var client = Server.Register(TestClients.Public());
        using var browser = Server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress((parameter, value)));
        var request = await UpstreamFixture.PressAsync(browser, "acme");
        var query = Flows.Parameters(request);
        Assert.Equal(("login", "300"), (query["prompt"], query["max_age"]));

        var old = Server.Clock.GetUtcNow().AddMinutes(-7).ToUnixTimeSeconds();
        var answer = await browser.GoAsync(upstream.Acme.Agree(request, "fresh", ("auth_time", old)));

        Assert.Equal(400, answer.Status);
        Assert.Null(browser.SessionCookie());
    }

    [Fact]
    public async Task A_disabled_account_is_refused()
    {
        using var browser = Server.NewBrowser();
        using var again = Server.NewBrowser();
        await upstream.SignInAsync(browser, "acme", "leaver");
        var account = (await upstream.WhoAsync(browser))!;
        await Server.Services.GetRequiredService<IAccountStateStore>().TryDisableAsync(account.Id, record: null, Server.Clock.GetUtcNow(), default);

        var answer = await upstream.SignInAsync(again, "acme", "leaver");

        Assert.Equal(403, answer.Status);
        Assert.Null(again.SessionCookie());
    }

    [Fact]
    public async Task A_client_that_takes_passwords_only_is_not_offered_a_provider()
    {
        var client = Server.Register(TestClients.Public() with { SignInMethods = [SignInMethods.Password] });
        using var browser = Server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());
        var flow = Flows.Parameters(browser.Address)["flow"];

        var forced = await browser.GoAsync("/signin/upstream/acme?flow=" + flow);

        Assert.Null(browser.LeftTo);
        Assert.Equal(404, forced.Status);
    }

    [Fact]
    public async Task A_link_on_another_site_begins_nothing()
    {
        using var browser = Server.NewBrowser();
        var request = new HttpRequestMessage(HttpMethod.Get, ServerFixture.Issuer + "/signin/upstream/acme");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        await browser.SendAsync(request);

        Assert.Null(browser.LeftTo);
        Assert.Equal("/signin", browser.Address.AbsolutePath);
    }
}
