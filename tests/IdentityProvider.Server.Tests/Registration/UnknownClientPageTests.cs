using System.Text.Json.Nodes;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Registration;

/// <summary>What people see of a client that nobody here knows.</summary>
public sealed class UnknownClientPageTests(OpenServer open) : IClassFixture<OpenServer>
{
    private readonly ServerFixture _server = open.Server;

    [Theory]
    [Case(38)]
    [Clause("RFC 9700", "4.11.2", "The authorization server MUST take precautions to prevent these threats: warn the user and do not redirect automatically.")]
    [InlineData("query")]
    [InlineData("fragment")]
    [InlineData("form_post")]
    public async Task An_error_does_not_bounce_the_browser_to_its_site(string responseMode)
    {
        var told = await _server.RegisteredAsync(("client_name", "Innocent <b>shop</b>"));
        using var browser = _server.NewBrowser();

        var page = await browser.GoAsync(told.AsClient().AuthorizeAddress(("scope", "no-such-scope"), ("response_mode", responseMode)));

        Assert.Equal((400, (Uri?)null, (string?)null), (page.Status, browser.LeftTo, page.Header("Location")));
        Assert.Contains("app.example", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>shop", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Body, StringComparison.Ordinal);
        var way = browser.Page.QuerySelector("#leave")!;
        if (responseMode is "form_post")
        {
            Assert.Equal(TestClients.Callback, way.GetAttribute("action"));
            Assert.Equal("invalid_scope", way.QuerySelector("[name=error]")!.GetAttribute("value"));
        }
        else
        {
            var parameters = Flows.Parameters(new Uri(way.GetAttribute("href")!));
            Assert.Equal(("invalid_scope", Flows.State, ServerFixture.Issuer), (parameters["error"], parameters["state"], parameters["iss"]));
        }
    }

    [Fact]
    [Case(38)]
    public async Task Prompt_none_and_a_persons_own_refusal_are_answered_at_once()
    {
        var told = await _server.RegisteredAsync();
        using var browser = _server.NewBrowser();

        await browser.GoAsync(told.AsClient().AuthorizeAddress(("scope", "openid"), ("prompt", "none")));
        Assert.Equal("login_required", Flows.Parameters(browser.LeftTo!)["error"]);
        await browser.GoAsync(ServerFixture.Issuer + told.AsClient().AuthorizeAddress(("scope", "openid")));
        await browser.SubmitAsync("deny");

        Assert.Equal("access_denied", Flows.Parameters(browser.LeftTo!)["error"]);
    }

    [Fact]
    public async Task A_declared_clients_error_goes_to_it_without_a_stop()
    {
        using var browser = _server.NewBrowser();

        await browser.GoAsync(_server.Register(TestClients.Public()).AuthorizeAddress(("scope", "no-such-scope")));

        Assert.Equal("invalid_scope", Flows.Parameters(browser.LeftTo!)["error"]);
    }

    [Fact]
    [Case(205)]
    public async Task Consent_says_that_nobody_checked_it_and_where_it_is()
    {
        var told = await _server.RegisteredAsync(("client_name", "Well-known Bank"), ("policy_uri", "https://app.example/policy"), ("tos_uri", "https://app.example/terms"));
        using var browser = await _server.SignInAsync("alice");

        var page = await browser.GoAsync(told.AsClient().AuthorizeAddress(("scope", "openid")));

        Assert.Equal("/consent", browser.Address.AbsolutePath);
        Assert.StartsWith("Unverified", browser.Page.QuerySelector("#unverified")!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Contains("app.example", browser.Page.QuerySelector(".client")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("href=\"https://app.example/policy\"", page.Body, StringComparison.Ordinal);
        Assert.Contains("href=\"https://app.example/terms\"", page.Body, StringComparison.Ordinal);
    }

    [Theory]
    [Case(221)]
    [InlineData("none", "http://127.0.0.1/cb")]
    [InlineData("client_secret_basic", "http://127.0.0.1/cb")]
    [InlineData("client_secret_basic", "com.example.app:/cb")]
    public async Task A_client_that_any_program_can_be_is_consented_to_every_time(string method, string redirectUri)
    {
        var told = await _server.RegisteredAsync(
            ("application_type", "native"), ("token_endpoint_auth_method", method), ("redirect_uris", new JsonArray(redirectUri)));
        using var browser = await _server.SignInAsync("alice");
        var address = told.AsClient().AuthorizeAddress(("scope", "openid"), ("redirect_uri", redirectUri));

        await browser.GoAsync(address);
        Assert.Contains("any program", browser.Page.QuerySelector("#unverified")!.TextContent, StringComparison.Ordinal);
        await browser.SubmitAsync("allow");
        Assert.NotNull(browser.LeftTo);
        await browser.GoAsync(ServerFixture.Issuer + address);

        Assert.Equal("/consent", browser.Address.AbsolutePath);
    }

    [Theory]
    [InlineData("de", "Laden", "https://app.example/de")]
    [InlineData("en", "Shop", "https://app.example/en")]
    [Clause("RFC 7591", "2.2", "Human-readable client metadata values may be represented in multiple languages and scripts.")]
    public async Task Names_and_links_are_shown_in_the_pages_language(string language, string name, string policy)
    {
        var told = await _server.RegisteredAsync(("client_name#de", "Laden"), ("policy_uri", "https://app.example/en"), ("policy_uri#de", "https://app.example/de"));
        using var browser = _server.NewBrowser();

        await browser.GoAsync(told.AsClient().AuthorizeAddress(("scope", "openid"), ("ui_locales", language)));

        Assert.Equal(name, browser.Page.QuerySelector(".client-name")!.TextContent);
        Assert.Contains($"href=\"{policy}\"", browser.Current!.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_language_falls_back_as_RFC_4647_says()
    {
        LocalizedText[] texts = [new("client_name", "de", "Laden"), new("client_name", "de-CH", "Lädeli"), new("tos_uri", "fr", "https://app.example/fr")];

        Assert.Equal(
            ["Lädeli", "Laden", "Laden", null],
            new[] { "de-CH", "de-AT", "DE", "fr" }.Select(language => LocalizedText.Find(texts, "client_name", language)));
    }
}
