using System.Net.Http.Headers;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Endpoints;

public sealed class AuthorizationEndpointTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private readonly Client _client = server.Register(TestClients.Public());

    [Fact]
    [Clause("RFC 9207", "2", "the iss parameter ... MUST be included in every authorization response")]
    [Case(31)]
    public async Task Success_carries_code_state_and_issuer()
    {
        using var browser = server.NewBrowser();

        var response = await browser.AuthorizeAsync(_client);

        Assert.Equal(["code", "state", "iss", "session_state"], response.Keys);
        Assert.Equal((Flows.State, ServerFixture.Issuer), (response["state"], response["iss"]));
        Assert.StartsWith(TestClients.Callback + "?", browser.LeftTo!.ToString(), StringComparison.Ordinal);
        Assert.Equal((303, "no-store"), (browser.Current!.Status, browser.Current.Header("Cache-Control")));
    }

    [Fact]
    public async Task Without_a_session_the_person_signs_in_first_and_the_second_client_asks_no_more()
    {
        using var browser = server.NewBrowser();
        await browser.GoAsync(_client.AuthorizeAddress());
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        await browser.AuthorizeAsync(_client);

        var second = server.Register(TestClients.Confidential());
        await browser.GoAsync(second.AuthorizeAddress());

        Assert.NotNull(browser.LeftTo);
    }

    [Fact]
    public async Task Response_mode_fragment_puts_the_response_behind_the_hash()
    {
        using var browser = await server.SignInAsync("alice");

        var response = await browser.AuthorizeAsync(_client, changes: ("response_mode", "fragment"));

        Assert.Equal(Flows.State, response["state"]);
        Assert.Empty(browser.LeftTo!.Query);
        Assert.Equal(200, (await server.RedeemAsync(_client, response["code"])).Status);
    }

    [Fact]
    [Clause("OAuth Form Post", "2", "the Authorization Response ... are encoded as HTML form values that are auto-submitted in the User Agent")]
    [Case(56)]
    public async Task Response_mode_form_post_is_a_page_with_a_form_for_the_client()
    {
        using var browser = await server.SignInAsync("alice");

        var answer = await browser.GoAsync(_client.AuthorizeAddress(("response_mode", "form_post"), ("state", "\"><script>")));

        var form = Assert.IsType<IHtmlFormElement>(browser.Page.QuerySelector("form"), exactMatch: false);
        Assert.Equal(TestClients.Callback, form.GetAttribute("action"));
        Assert.Equal(["code", "state", "iss", "session_state"], form.QuerySelectorAll<IHtmlInputElement>("input").Select(input => input.Name!));
        Assert.Equal("\"><script>", form.QuerySelector<IHtmlInputElement>("input[name=state]")!.Value);
        Assert.Equal(200, answer.Status);
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.NotNull(form.QuerySelector("button"));
        Assert.Contains("form-action 'self' https:", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        var code = form.QuerySelector<IHtmlInputElement>("input[name=code]")!.Value;
        Assert.Equal(200, (await server.RedeemAsync(_client, code)).Status);
    }

    [Theory]
    [Case(1)]
    [Case(2)]
    [Case(40)]
    [InlineData("client_id", null)]
    [InlineData("client_id", "nobody")]
    [InlineData("client_id", "a\r\nb")]
    [InlineData("redirect_uri", null)]
    [InlineData("redirect_uri", TestClients.Callback + "/")]
    [InlineData("redirect_uri", "https://evil.example/cb")]
    [InlineData("redirect_uri", "javascript:alert(1)")]
    [InlineData("redirect_uri", "//app.example/cb")]
    public async Task Untrusted_client_or_address_ends_on_our_page_and_nothing_is_sent_anywhere(string name, string? value)
    {
        using var browser = server.NewBrowser();

        var answer = await browser.GoAsync(_client.AuthorizeAddress((name, value)));

        AssertPage(answer, browser);
        Assert.DoesNotContain("evil", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Case(1)]
    public async Task Unknown_and_disabled_clients_look_the_same()
    {
        var disabled = server.Register(TestClients.Public() with { Enabled = false });
        using var browser = server.NewBrowser();

        var first = await browser.GoAsync(disabled.AuthorizeAddress());
        var firstId = browser.Page.QuerySelector("#error-id")!.TextContent;
        var second = await browser.GoAsync((disabled with { ClientId = "nobody" }).AuthorizeAddress());
        var secondId = browser.Page.QuerySelector("#error-id")!.TextContent;

        Assert.Equal(first.Body.Replace(firstId, secondId, StringComparison.Ordinal), second.Body);
    }

    [Fact]
    public async Task Error_id_of_the_page_leads_to_the_log_line_with_the_nearest_address()
    {
        using var browser = server.NewBrowser();

        await browser.GoAsync(_client.AuthorizeAddress(("redirect_uri", TestClients.Callback + "x")));

        var errorId = browser.Page.QuerySelector("#error-id")!.TextContent;
        var line = server.Logs.Entries.Single(entry => entry.Text.Contains(errorId, StringComparison.Ordinal));
        Assert.Contains("nearest is " + TestClients.Callback, line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(TestClients.Callback, browser.Current!.Body, StringComparison.Ordinal);
    }

    [Theory]
    [Case(4)]
    [Case(7)]
    [Case(13)]
    [Case(32)]
    [Case(34)]
    [Case(58)]
    [Case(61)]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge", "short", "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("scope", "orders.read unheard.of", "invalid_scope")]
    [InlineData("max_age", "-1", "invalid_request")]
    [InlineData("max_age", "1e9", "invalid_request")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("claims", "{", "invalid_request")]
    [InlineData("resource", "https://orders.example#x", "invalid_target")]
    [InlineData("resource", "https://unknown.example", "invalid_target")]
    [InlineData("response_mode", "query.jwt", "invalid_request")]
    [InlineData("request", "eyJ", "invalid_request_object")]
    [InlineData("request_uri", "urn:x", "invalid_request_uri")]
    [InlineData("prompt", "none", "login_required")]
    public async Task Faults_of_a_trusted_client_are_told_at_its_address_with_state_and_issuer(string name, string? value, string error)
    {
        using var browser = server.NewBrowser();

        await browser.GoAsync(_client.AuthorizeAddress((name, value)));

        var response = Flows.Parameters(browser.LeftTo!);
        Assert.Equal((error, Flows.State, ServerFixture.Issuer), (response["error"], response["state"], response["iss"]));
        Assert.DoesNotContain("code", response.Keys);
    }

    [Fact]
    public async Task Error_comes_in_the_mode_that_was_asked_for()
    {
        using var browser = server.NewBrowser();

        await browser.GoAsync(_client.AuthorizeAddress(("prompt", "none"), ("response_mode", "fragment")));
        Assert.Equal("login_required", Flows.Parameters(browser.LeftTo!)["error"]);
        Assert.Empty(browser.LeftTo!.Query);

        await browser.GoAsync(_client.AuthorizeAddress(("prompt", "none"), ("response_mode", "form_post")));
        Assert.Equal("login_required", browser.Page.QuerySelector<IHtmlInputElement>("input[name=error]")!.Value);
    }

    [Fact]
    [Case(7)]
    public async Task Doubled_parameter_is_an_invalid_request_and_a_doubled_state_is_not_echoed()
    {
        using var browser = server.NewBrowser();

        await browser.GoAsync(_client.AuthorizeAddress() + "&nonce=x");
        Assert.Equal("invalid_request", Flows.Parameters(browser.LeftTo!)["error"]);
        Assert.Equal(Flows.State, Flows.Parameters(browser.LeftTo!)["state"]);

        await browser.GoAsync(_client.AuthorizeAddress() + "&state=x");
        Assert.Equal("invalid_request", Flows.Parameters(browser.LeftTo!)["error"]);
        Assert.DoesNotContain("state", Flows.Parameters(browser.LeftTo!).Keys);
    }

    [Fact]
    [Clause("OIDC Core", "3.1.2.1", "Authorization Servers MUST support the use of the HTTP GET and POST methods")]
    public async Task Post_is_as_good_as_get()
    {
        using var browser = await server.SignInAsync("alice");
        var fields = Flows.Parameters(new Uri(ServerFixture.Issuer + _client.AuthorizeAddress()));

        await browser.PostAsync("/connect/authorize", fields);

        Assert.Equal(Flows.State, Flows.Parameters(browser.LeftTo!)["state"]);
    }

    [Fact]
    [Case(8)]
    public async Task Parameters_split_between_query_and_body_end_on_our_page()
    {
        using var browser = await server.SignInAsync("alice");
        var fields = Flows.Parameters(new Uri(ServerFixture.Issuer + _client.AuthorizeAddress()));

        AssertPage(await browser.PostAsync("/connect/authorize?state=other", fields), browser);
        AssertPage(await browser.PostAsync("/connect/authorize?redirect_uri=https%3A%2F%2Fevil.example", fields), browser);
    }

    [Theory]
    [Case(376)]
    [InlineData("%")]
    [InlineData("%zz")]
    [InlineData("%00")]
    [InlineData("%C0%AF")]
    [InlineData("%FF%FE")]
    [InlineData("%u0041")]
    public async Task Malformed_query_ends_on_our_page_and_is_never_repaired(string value)
    {
        var address = _client.AuthorizeAddress(("state", null));
        var query = address[address.IndexOf('?', StringComparison.Ordinal)..];

        Assert.Equal((303, string.Empty), await server.GetRawAsync("/connect/authorize", query + "&state=%41"));
        var (status, body) = await server.GetRawAsync("/connect/authorize", query + "&state=" + value);

        Assert.Equal(400, status);
        Assert.Contains("id=\"error-id\"", body, StringComparison.Ordinal);
    }

    [Fact]
    [Case(98)]
    public async Task Post_without_a_form_ends_on_our_page()
    {
        using var browser = server.NewBrowser();
        var request = new HttpRequestMessage(HttpMethod.Post, ServerFixture.Issuer + "/connect/authorize")
        {
            Content = new StringContent("{}", new MediaTypeHeaderValue("application/json")),
        };

        AssertPage(await browser.SendAsync(request), browser);
    }

    [Fact]
    public async Task Other_methods_are_not_allowed()
    {
        var answer = await server.SendAsync(new HttpRequestMessage(HttpMethod.Put, _client.AuthorizeAddress()));

        Assert.Equal((405, "GET, POST"), (answer.Status, answer.Header("Allow")));
    }

    [Theory]
    [Case(248)]
    [Case(368)]
    [InlineData("a b+c&d=e#f%41")]
    [InlineData("x\r\nSet-Cookie: a=b")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("ä€😀")]
    public async Task State_comes_back_character_by_character(string state)
    {
        using var browser = await server.SignInAsync("alice");

        var response = await browser.AuthorizeAsync(_client, changes: ("state", state));

        Assert.Equal(state, response["state"]);
    }

    [Fact]
    [Case(20)]
    public async Task Long_state_comes_back_whole_through_the_sign_in_page()
    {
        var state = new string('s', 3_000);
        using var browser = server.NewBrowser();

        Assert.Equal(state, (await browser.AuthorizeAsync(_client, changes: ("state", state)))["state"]);
    }

    [Fact]
    [Case(23)]
    public async Task Flow_begun_in_one_browser_cannot_go_on_in_another()
    {
        using var victim = server.NewBrowser();
        await victim.GoAsync(_client.AuthorizeAddress());
        using var attacker = await server.SignInAsync("bob");

        var answer = await attacker.GoAsync(victim.Address.ToString());

        Assert.Equal(400, answer.Status);
        Assert.Null(attacker.LeftTo);
        Assert.Equal(Flows.State, (await victim.AuthorizeAsync(_client))["state"]);
    }

    [Fact]
    [Case(25)]
    public async Task Sign_in_form_posted_again_after_the_answer_gives_no_second_code()
    {
        using var browser = server.NewBrowser();
        await browser.GoAsync(_client.AuthorizeAddress());
        var (address, fields) = (browser.Address.ToString(), FormFields(browser));
        await browser.PostAsync(address, fields);
        Assert.NotNull(browser.LeftTo);

        var answer = await browser.PostAsync(address, fields);

        Assert.Equal(400, answer.Status);
        Assert.Null(browser.LeftTo);
    }

    [Fact]
    [Case(29)]
    public async Task Refused_consent_is_access_denied_and_asked_again_the_next_time()
    {
        var client = server.Register(TestClients.Confidential() with { RequireConsent = true });
        using var browser = await server.SignInAsync("alice");
        await browser.GoAsync(client.AuthorizeAddress());
        Assert.Equal("/consent", browser.Address.AbsolutePath);

        await browser.SubmitAsync("deny");

        Assert.Equal("access_denied", Flows.Parameters(browser.LeftTo!)["error"]);
        await browser.GoAsync(client.AuthorizeAddress());
        Assert.Equal("/consent", browser.Address.AbsolutePath);
    }

    [Fact]
    public async Task Registered_query_is_kept_before_the_response()
    {
        var client = server.Register(TestClients.Public() with { RedirectUris = ["https://app.example/cb?tenant=1"] });
        using var browser = await server.SignInAsync("alice");

        await browser.AuthorizeAsync(client, changes: ("redirect_uri", "https://app.example/cb?tenant=1"));

        Assert.StartsWith("?tenant=1&code=", browser.LeftTo!.Query, StringComparison.Ordinal);
    }

    private static KeyValuePair<string, string>[] FormFields(Browser browser) =>
    [
        .. browser.Page.QuerySelectorAll<IHtmlInputElement>("#signin input[type=hidden]").Select(input => KeyValuePair.Create(input.Name!, input.Value)),
        new("username", "alice"),
        new("password", ServerFixture.Password),
        new("decision", "signin"),
    ];

    /// <summary>PAGE of the abuse catalogue.</summary>
    private static void AssertPage(Answer answer, Browser browser)
    {
        Assert.Equal(400, answer.Status);
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.StartsWith("text/html", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Null(answer.Header("Location"));
        Assert.Null(browser.LeftTo);
        Assert.Matches("^[a-z0-9]{10}$", browser.Page.QuerySelector("#error-id")!.TextContent);
        Assert.Empty(browser.Page.QuerySelectorAll("form"));
    }
}
