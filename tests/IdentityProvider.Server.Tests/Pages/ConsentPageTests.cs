using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Pages;

public sealed class ConsentPageTests : IDisposable
{
    private readonly ServerFixture _server = new();

    private static Client Asking => TestClients.Public() with { RequireConsent = true };

    public void Dispose() => _server.Dispose();

    [Fact]
    [Clause("OIDC Core", "3.1.2.4", "the Authorization Server MUST obtain an authorization decision before releasing information to the Relying Party")]
    public async Task The_page_says_who_asks_for_what_for_whom_and_where_the_answer_goes()
    {
        using var browser = _server.NewBrowser();
        var client = Asking with { ClientName = "Northwind", PolicyUri = "https://app.example/privacy", TosUri = "javascript:alert(1)" };

        await browser.GoToConsentAsync(_server.Register(client), ("scope", "orders.read offline_access email openid"));

        Assert.Equal("Northwind asks for access to your account", browser.Text("h1"));
        Assert.Contains("alice", browser.Text("header .lead"), StringComparison.Ordinal);
        Assert.Contains("app.example", browser.Text(".client"), StringComparison.Ordinal);
        Assert.Equal(
            ["Know who you are", "See your e-mail address", "Read your orders", "Stay connected while you are away"],
            browser.Page.QuerySelectorAll("#scopes .strong").Select(scope => scope.TextContent));
        var link = Assert.Single(browser.Page.QuerySelectorAll("main a"));
        Assert.Equal(("https://app.example/privacy", "noopener noreferrer"), (link.GetAttribute("href"), link.GetAttribute("rel")));
    }

    [Fact]
    public async Task What_was_allowed_is_remembered_and_asked_again_only_for_more()
    {
        var client = _server.Register(Asking);
        using var browser = _server.NewBrowser();
        await browser.GoToConsentAsync(client, ("scope", "openid orders.read"));
        await browser.SendFormAsync("#consent", ("decision", "allow"));
        Assert.Contains("code", Flows.Parameters(browser.LeftTo!).Keys);

        await browser.GoAsync(client.AuthorizeAddress(("scope", "openid")));
        var less = browser.LeftTo;
        await browser.GoAsync(client.AuthorizeAddress(("scope", "openid orders.read orders.write")));

        Assert.NotNull(less);
        Assert.Equal("/consent", browser.Address.AbsolutePath);
    }

    [Fact]
    [Case(29)]
    public async Task Denying_tells_the_client_and_stores_nothing()
    {
        var client = _server.Register(Asking);
        using var browser = _server.NewBrowser();
        await browser.GoToConsentAsync(client);

        await browser.SendFormAsync("#consent", ("decision", "deny"));

        Assert.Equal("access_denied", Flows.Parameters(browser.LeftTo!)["error"]);
        Assert.Null(await FindAsync(client));
    }

    [Theory]
    [InlineData("cross-site", null)]
    [InlineData("same-site", null)]
    [InlineData("none", null)]
    [InlineData(null, "https://evil.example")]
    [InlineData(null, "http://id.example")]
    [InlineData(null, "https://id.example:8443")]
    [Case(26)]
    public async Task A_form_from_another_site_is_refused(string? fetchSite, string? origin)
    {
        var client = _server.Register(Asking);
        using var browser = _server.NewBrowser();
        await browser.GoToConsentAsync(client);
        var request = Decision(browser, keepToken: true);
        if (fetchSite is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", fetchSite);
        }

        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        await AssertRefusedAsync(browser, request, client);
    }

    [Fact]
    [Case(26)]
    public async Task A_form_without_our_token_is_refused()
    {
        var client = _server.Register(Asking);
        using var browser = _server.NewBrowser();
        await browser.GoToConsentAsync(client);

        await AssertRefusedAsync(browser, Decision(browser, keepToken: false), client);
    }

    [Fact]
    [Case(26)]
    public async Task A_token_of_another_browser_is_refused()
    {
        var client = _server.Register(Asking);
        using var attacker = _server.NewBrowser();
        await attacker.GoAsync("/signin");
        var token = attacker.FieldsOf("#signin")["__RequestVerificationToken"];
        using var browser = _server.NewBrowser();
        await browser.GoToConsentAsync(client);
        var fields = browser.FieldsOf("#consent");
        (fields["decision"], fields["__RequestVerificationToken"]) = ("allow", token);

        await AssertRefusedAsync(
            browser, new HttpRequestMessage(HttpMethod.Post, browser.Address) { Content = new FormUrlEncodedContent(fields) }, client);
    }

    [Fact]
    public async Task A_form_sent_as_our_own_page_sends_it_is_taken()
    {
        var client = _server.Register(Asking);
        using var browser = _server.NewBrowser();
        await browser.GoToConsentAsync(client);
        var request = Decision(browser, keepToken: true);
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("Origin", "null");

        await browser.SendAsync(request);

        Assert.NotNull(browser.LeftTo);
    }

    [Fact]
    [Case(28)]
    public async Task A_decision_about_one_client_counts_for_no_other()
    {
        var (trusted, other) = (_server.Register(Asking), _server.Register(Asking));
        using var browser = _server.NewBrowser();
        await browser.GoToConsentAsync(trusted);
        var fields = browser.FieldsOf("#consent");
        fields["decision"] = "allow";
        await browser.GoToConsentAsync(other);

        var answer = await browser.PostAsync(browser.Address.ToString(), fields);

        Assert.Equal(400, answer.Status);
        Assert.Null(await FindAsync(other));
        Assert.Null(await FindAsync(trusted));
    }

    [Fact]
    public async Task A_decision_shown_to_one_person_counts_for_no_other()
    {
        var client = _server.Register(Asking);
        using var browser = _server.NewBrowser();
        await browser.GoToConsentAsync(client);
        var (address, fields) = (browser.Address, browser.FieldsOf("#consent"));
        fields["decision"] = "allow";

        // In another tab of the same browser bob signs in.
        await browser.GoAsync(_server.Register(TestClients.Public()).AuthorizeAddress(("prompt", "login")));
        await browser.SignInAsync("bob", ServerFixture.Password);
        fields["__RequestVerificationToken"] = await TokenAsync(browser);
        await browser.PostAsync(address.ToString(), fields);

        Assert.Null(browser.LeftTo);
        Assert.Equal("/consent", browser.Address.AbsolutePath);
        Assert.Contains("bob", browser.Text("header .lead"), StringComparison.Ordinal);
        Assert.Null(await FindAsync(client, "bob"));
        Assert.Null(await FindAsync(client));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("{{7*7}}${7*7}@(7*7)")]
    [InlineData("%0d%0aSet-Cookie: a=b")]
    [InlineData("\u202eevil\u2066\u2069")]
    [Case(364)]
    public async Task Names_of_strangers_are_text(string name)
    {
        using var browser = _server.NewBrowser();

        await browser.GoToConsentAsync(_server.Register(Asking with { ClientName = name, LogoUri = "https://evil.example/logo.svg" }));

        Assert.Equal(name, browser.Text(".client-name bdi"));
        Assert.Contains(browser.Page.QuerySelectorAll("h1 bdi"), element => element.TextContent == name);
        Assert.Empty(browser.Page.QuerySelectorAll("script, main img"));
    }

    [Fact]
    public async Task A_logo_is_shown_from_our_own_host_only()
    {
        using var browser = _server.NewBrowser();

        await browser.GoToConsentAsync(_server.Register(Asking with { LogoUri = ServerFixture.Issuer + "/logos/shop.png?v=2" }));

        Assert.Equal("/logos/shop.png?v=2", browser.Page.QuerySelector(".client img")!.GetAttribute("src"));
    }

    private async Task<Consent?> FindAsync(Client client, string userName = "alice")
    {
        var tokens = await _server.GetTokensAsync(_server.Register(TestClients.Public()), userName);
        var subject = (await _server.UserInfoAsync(tokens.AccessToken)).Json.GetProperty("sub").GetString()!;
        return await _server.Services.GetRequiredService<IConsentStore>().FindAsync(subject, client.ClientId, default);
    }

    private async Task AssertRefusedAsync(Browser browser, HttpRequestMessage request, Client client)
    {
        var answer = await browser.SendAsync(request);

        Assert.Equal(403, answer.Status);
        Assert.Null(answer.Headers.Location);
        var errorId = browser.Text("#error-id");
        Assert.Contains($"[{errorId}]", _server.Logs.AllText, StringComparison.Ordinal);
        Assert.Null(await FindAsync(client));
    }

    private static HttpRequestMessage Decision(Browser browser, bool keepToken)
    {
        var fields = browser.FieldsOf("#consent");
        fields["decision"] = "allow";
        if (!keepToken)
        {
            fields.Remove("__RequestVerificationToken");
        }

        return new HttpRequestMessage(HttpMethod.Post, browser.Address) { Content = new FormUrlEncodedContent(fields) };
    }

    private static async Task<string> TokenAsync(Browser browser)
    {
        await browser.GoAsync("/signout");
        return browser.FieldsOf("#signout")["__RequestVerificationToken"];
    }
}
