using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Endpoints;

/// <summary>RP-Initiated Logout 1.0; one test for each module of the conformance suite's plan, and what the abuse catalogue adds.</summary>
public sealed class EndSessionEndpointTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Path = "/connect/endsession";

    private readonly Client _client = server.Register(TestClients.Public());

    [Fact]
    [Clause("RP-Initiated Logout", "3", "the OP MUST ... redirect ... to the post_logout_redirect_uri")]
    public async Task Hint_with_registered_address_and_state_leads_there_signed_out()
    {
        var (browser, hint) = await SignInAsync();

        await EndAsync(browser, ("id_token_hint", hint), ("post_logout_redirect_uri", TestClients.SignedOut), ("state", "s t"));

        Assert.Equal(TestClients.SignedOut + "?state=s%20t", browser.LeftTo!.OriginalString);
        await AssertSignedOutAsync(browser);
    }

    [Theory]
    [Case(248)]
    [InlineData("x\r\nSet-Cookie: a=b", "x%0D%0ASet-Cookie%3A%20a%3Db")]
    [InlineData("\"><script>alert(1)</script>", "%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E")]
    [InlineData("a&post_logout_redirect_uri=https://evil.example", "a%26post_logout_redirect_uri%3Dhttps%3A%2F%2Fevil.example")]
    public async Task State_that_would_break_out_of_the_address_is_encoded(string state, string encoded)
    {
        var (browser, hint) = await SignInAsync();

        await EndAsync(browser, ("id_token_hint", hint), ("post_logout_redirect_uri", TestClients.SignedOut), ("state", state));

        Assert.Equal(TestClients.SignedOut + "?state=" + encoded, browser.LeftTo!.OriginalString);
    }

    [Fact]
    public async Task Without_state_none_is_sent()
    {
        var (browser, hint) = await SignInAsync();

        await EndAsync(browser, ("id_token_hint", hint), ("post_logout_redirect_uri", TestClients.SignedOut));

        Assert.Equal(TestClients.SignedOut, browser.LeftTo!.OriginalString);
    }

    [Fact]
    public async Task Hint_without_an_address_ends_on_our_page()
    {
        var (browser, hint) = await SignInAsync();

        await EndAsync(browser, ("id_token_hint", hint));

        Assert.Equal("/signed-out", browser.Address.AbsolutePath);
        await AssertSignedOutAsync(browser);
    }

    [Theory]
    [Case(247)]
    [InlineData(TestClients.SignedOut + "?added=1")]
    [InlineData(TestClients.SignedOut + "/")]
    [InlineData("https://app.example/signed-ou")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://evil.example/")]
    public async Task Unregistered_address_is_never_used_and_the_person_is_asked(string address)
    {
        var (browser, hint) = await SignInAsync();

        await EndAsync(browser, ("id_token_hint", hint), ("post_logout_redirect_uri", address), ("state", "x"));

        Assert.Equal("/signout", browser.Address.AbsolutePath);
        Assert.Contains("nearest", server.Logs.Last(6002).Text, StringComparison.Ordinal);
        await browser.SubmitAsync("signout");
        Assert.Equal("/signed-out", browser.Address.AbsolutePath);
        await AssertSignedOutAsync(browser);
    }

    [Fact]
    [Case(245)]
    public async Task Modified_or_foreign_hint_leads_to_a_question_and_to_no_redirect()
    {
        var (browser, hint) = await SignInAsync();
        var parts = hint.Split('.');

        foreach (var bad in new[] { $"eyJhbGciOiJub25lIn0.{parts[1]}.", $"{parts[0]}.{parts[1]}.{parts[2][..^4]}AAAA", "junk" })
        {
            await EndAsync(browser, ("id_token_hint", bad), ("post_logout_redirect_uri", TestClients.SignedOut), ("client_id", _client.ClientId));

            Assert.Equal("/signout", browser.Address.AbsolutePath);
            Assert.Null(browser.LeftTo);
        }

        Assert.DoesNotContain(parts[1], server.Logs.AllText, StringComparison.Ordinal);
        await AssertSignedInAsync(browser);
    }

    [Fact]
    [Clause("RP-Initiated Logout", "2", "the OP MUST ask the End-User this question if an id_token_hint was not provided")]
    [Case(244)]
    public async Task Without_a_hint_the_person_decides_by_a_form_that_cannot_be_forged()
    {
        var (browser, _) = await SignInAsync();

        await EndAsync(browser, ("post_logout_redirect_uri", TestClients.SignedOut), ("state", "x"));

        Assert.Equal("/signout", browser.Address.AbsolutePath);
        await AssertSignedInAsync(browser);
        Assert.Equal(403, (await browser.PostAsync("/signout", [KeyValuePair.Create("decision", "signout")])).Status);
        await AssertSignedInAsync(browser);
        await EndAsync(browser);
        await browser.SubmitAsync("signout");
        Assert.Equal("/signed-out", browser.Address.AbsolutePath);
        await AssertSignedOutAsync(browser);
    }

    [Fact]
    public async Task Person_may_stay()
    {
        var (browser, _) = await SignInAsync();
        await EndAsync(browser, ("state", "only"));

        await browser.SubmitAsync("stay");

        await AssertSignedInAsync(browser);
    }

    [Fact]
    public async Task Client_id_in_place_of_a_hint_leads_back_after_the_question()
    {
        var (browser, _) = await SignInAsync();
        await EndAsync(browser, ("client_id", _client.ClientId), ("post_logout_redirect_uri", TestClients.SignedOut), ("state", "x"));
        Assert.Equal("/signout", browser.Address.AbsolutePath);

        await browser.SubmitAsync("signout");

        Assert.Equal(TestClients.SignedOut + "?state=x", browser.LeftTo!.OriginalString);
    }

    [Fact]
    [Case(245)]
    public async Task Expired_hint_still_identifies()
    {
        var (browser, hint) = await SignInAsync();
        server.Clock.Advance(TimeSpan.FromMinutes(11));

        await EndAsync(browser, ("id_token_hint", hint), ("post_logout_redirect_uri", TestClients.SignedOut));

        Assert.NotNull(browser.LeftTo);
        await AssertSignedOutAsync(browser);
    }

    [Fact]
    public async Task Hint_of_somebody_else_leads_to_a_question()
    {
        var (_, aliceHint) = await SignInAsync();
        var (browser, _) = await SignInAsync("bob");

        await EndAsync(browser, ("id_token_hint", aliceHint), ("post_logout_redirect_uri", TestClients.SignedOut));

        Assert.Equal("/signout", browser.Address.AbsolutePath);
        await AssertSignedInAsync(browser);
    }

    [Fact]
    [Clause("RP-Initiated Logout", "2", "When both client_id and id_token_hint are present, the OP MUST verify that the Client Identifier matches the one used when issuing the ID Token.")]
    public async Task Contradicting_client_id_ends_on_our_error_page()
    {
        var (browser, hint) = await SignInAsync();
        var other = server.Register(TestClients.Public());

        var answer = await EndAsync(browser, ("id_token_hint", hint), ("client_id", other.ClientId));

        Assert.Equal(400, answer.Status);
        var errorId = browser.Page.QuerySelector("#error-id")!.TextContent;
        Assert.Contains(errorId, server.Logs.Last(6001).Text, StringComparison.Ordinal);
        await AssertSignedInAsync(browser);
    }

    [Theory]
    [InlineData("?state=%zz")]
    [InlineData("?state=a&state=b")]
    public async Task Malformed_request_ends_on_our_error_page(string query)
    {
        var (status, body) = await server.GetRawAsync(Path, query);

        Assert.Equal(400, status);
        Assert.Contains("id=\"error-id\"", body, StringComparison.Ordinal);
    }

    [Fact]
    [Clause("RP-Initiated Logout", "2", "OpenID Providers MUST support the use of the HTTP GET and POST methods")]
    public async Task Post_of_another_site_without_its_cookie_still_ends_the_session()
    {
        var (browser, hint) = await SignInAsync();

        // What a browser sends when a form of another site posts here: no cookie (SameSite=Lax).
        var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new FormUrlEncodedContent(
            [
                new("id_token_hint", hint), new("post_logout_redirect_uri", TestClients.SignedOut), new("state", "x"),
            ]),
        };
        var answer = await server.SendAsync(request);
        Assert.Equal(303, answer.Status);
        Assert.DoesNotContain(hint.Split('.')[1], answer.Header("Location"), StringComparison.Ordinal);
        await browser.GoAsync(answer.Header("Location")!);

        Assert.Equal(TestClients.SignedOut + "?state=x", browser.LeftTo!.OriginalString);
        await AssertSignedOutAsync(browser);
    }

    [Fact]
    public async Task Post_with_its_cookie_ends_the_session_at_once()
    {
        var (browser, hint) = await SignInAsync();

        await browser.PostAsync(Path, [new("id_token_hint", hint), new("post_logout_redirect_uri", TestClients.SignedOut)]);

        Assert.NotNull(browser.LeftTo);
        await AssertSignedOutAsync(browser);
    }

    [Fact]
    [Case(250)]
    public async Task Afterwards_tokens_of_the_session_are_dead_and_offline_ones_live()
    {
        using var browser = await server.SignInAsync("alice");
        var online = await server.RedeemAsync(_client, (await browser.AuthorizeAsync(_client))["code"]);
        var offline = await server.RedeemAsync(
            _client, (await browser.AuthorizeAsync(_client, changes: ("scope", "openid offline_access orders.read")))["code"]);

        await EndAsync(browser, ("id_token_hint", online.IdToken));

        Assert.Equal((400, "invalid_grant"), (await server.RefreshAsync(_client, online.RefreshToken)).StatusAndError);
        Assert.False(await server.IsActiveAsync(online.AccessToken));
        Assert.Equal(200, (await server.RefreshAsync(_client, offline.RefreshToken)).Status);
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_not_asked()
    {
        using var browser = server.NewBrowser();

        await EndAsync(browser);

        Assert.Equal("/signed-out", browser.Address.AbsolutePath);
        Assert.Empty(browser.Page.QuerySelectorAll<IHtmlFormElement>("form"));
    }

    [Fact]
    public async Task Head_ends_nothing()
    {
        var (browser, hint) = await SignInAsync();

        var answer = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Head, ServerFixture.Issuer + Path + "?id_token_hint=" + hint));

        Assert.Equal((405, "GET, POST"), (answer.Status, answer.Header("Allow")));
        await AssertSignedInAsync(browser);
    }

    private async Task<(Browser Browser, string Hint)> SignInAsync(string userName = "alice")
    {
        var browser = server.NewBrowser();
        var code = (await browser.AuthorizeAsync(_client, userName))["code"];
        return (browser, (await server.RedeemAsync(_client, code)).IdToken);
    }

    private static Task<Answer> EndAsync(Browser browser, params (string Name, string Value)[] parameters) =>
        browser.GoAsync(Path + "?" + string.Join('&', parameters.Select(pair => pair.Name + "=" + Uri.EscapeDataString(pair.Value))));

    private async Task AssertSignedOutAsync(Browser browser)
    {
        await browser.GoAsync(_client.AuthorizeAddress(("prompt", "none")));
        Assert.Equal("login_required", Flows.Parameters(browser.LeftTo!)["error"]);
    }

    private async Task AssertSignedInAsync(Browser browser)
    {
        await browser.GoAsync(_client.AuthorizeAddress(("prompt", "none")));
        Assert.Contains("code", Flows.Parameters(browser.LeftTo!).Keys);
    }
}
