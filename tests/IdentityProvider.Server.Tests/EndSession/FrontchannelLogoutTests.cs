using IdentityProvider.Protocol.Clients;
using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.EndSession;

/// <summary>OpenID Connect Front-Channel Logout 1.0: the page with the frames of the session's clients.</summary>
public sealed class FrontchannelLogoutTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Oidcc_frontchannel_logout_discovery_endpoint_verification()
    {
        var metadata = (await server.GetAsync("/.well-known/openid-configuration")).Json;

        Assert.True(metadata.GetProperty("frontchannel_logout_supported").GetBoolean());
        Assert.True(metadata.GetProperty("frontchannel_logout_session_supported").GetBoolean());
        Assert.Equal(ServerFixture.Issuer + "/connect/endsession", metadata.GetProperty("end_session_endpoint").GetString());
    }

    [Fact]
    [Case(253)]
    public async Task Oidcc_frontchannel_rp_initiated_logout()
    {
        var client = Register("https://app.example/frontchannel?tenant=1", sessionRequired: true);
        using var browser = server.NewBrowser();
        var tokens = await server.RedeemAsync(client, (await browser.AuthorizeAsync(client))["code"]);
        var sid = Claim(tokens.IdToken, "sid");

        var answer = await browser.GoAsync(EndAddress(tokens.IdToken));

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            [$"https://app.example/frontchannel?tenant=1&iss={Uri.EscapeDataString(ServerFixture.Issuer)}&sid={sid}"], Frames(browser));
        Assert.Contains(" frame-src https://app.example;", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains(" script-src 'self';", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);

        // It goes on to the registered address by script, by the header without script, and by a link.
        Assert.Equal(TestClients.SignedOut + "?state=x", browser.Page.QuerySelector("#continue")!.GetAttribute("href"));
        Assert.Equal($"5; url={TestClients.SignedOut}?state=x", answer.Header("Refresh"));
        Assert.StartsWith("/js/frontchannel-logout.js", browser.Page.QuerySelector("script")!.GetAttribute("src"), StringComparison.Ordinal);
        await browser.GoAsync(client.AuthorizeAddress(("prompt", "none")));
        Assert.Equal("login_required", Flows.Parameters(browser.LeftTo!)["error"]);
    }

    [Fact]
    [Case(253)]
    public async Task Only_clients_of_the_session_that_registered_an_address_are_framed_once_each()
    {
        var one = Register("https://app.example/one");
        var other = Register("https://app.example/other");
        var silent = server.Register(TestClients.Public());
        Register("https://app.example/stranger");
        using var browser = await server.SignInAsync("alice");
        foreach (var client in new[] { one, one, other, silent })
        {
            await server.RedeemAsync(client, (await browser.AuthorizeAsync(client))["code"]);
        }

        await browser.GoAsync("/signout");
        await browser.SendFormAsync("#signout", ("decision", "signout"));

        Assert.Equal(["https://app.example/one", "https://app.example/other"], Frames(browser).Order(StringComparer.Ordinal));
        Assert.Equal("5; url=/signed-out", browser.Current!.Header("Refresh"));
        Assert.Null(browser.SessionCookie());
    }

    [Fact]
    public async Task Without_such_clients_there_is_no_page_in_between()
    {
        var client = server.Register(TestClients.Public());
        using var browser = server.NewBrowser();
        var tokens = await server.RedeemAsync(client, (await browser.AuthorizeAsync(client))["code"]);

        var answer = await browser.GoAsync(EndAddress(tokens.IdToken));

        Assert.Equal(303, answer.Status);
    }

    [Fact]
    public async Task The_page_asked_for_again_leads_on_without_frames()
    {
        var client = Register("https://app.example/frontchannel");
        using var browser = server.NewBrowser();
        var tokens = await server.RedeemAsync(client, (await browser.AuthorizeAsync(client))["code"]);
        await browser.GoAsync(EndAddress(tokens.IdToken));

        await browser.GoAsync(EndAddress(tokens.IdToken));

        Assert.Equal(TestClients.SignedOut + "?state=x", browser.LeftTo!.OriginalString);
    }

    [Theory]
    [InlineData("https://app.example/x#fragment")]
    [InlineData("http://app.example/x")]
    [InlineData("https://app.example:8443/x")]
    [InlineData("https://other.example/x")]
    [InlineData("https://app.example.evil.example/x")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/x")]
    [Case(253)]
    [Clause("Front-Channel Logout", "2", "The domain, port, and scheme of this URL MUST be the same as that of a registered Redirection URI value")]
    public void Other_frame_addresses_cannot_be_registered(string address)
    {
        var problems = ClientRules.Validate(TestClients.Public() with { FrontchannelLogoutUri = address });

        Assert.Equal("frontchannel_logout_uri", Assert.Single(problems).Member);
    }

    [Theory]
    [InlineData("https://app.example/x#fragment", false)]
    [InlineData("http://app.example/x", false)]
    [InlineData("https://user@app.example/x", false)]
    [InlineData("https://elsewhere.example/x?tenant=1", true)]
    [InlineData("http://localhost:5100/backchannel", true)]
    [Clause("Back-Channel Logout", "2.2", "The back-channel logout URI ... MUST NOT include a fragment component")]
    public void Logout_uri_is_https_or_loopback_without_fragment(string address, bool allowed)
    {
        var problems = ClientRules.Validate(TestClients.Public() with { BackchannelLogoutUri = address });

        Assert.Equal(allowed ? [] : ["backchannel_logout_uri"], problems.Select(problem => problem.Member));
    }

    private Client Register(string frontchannelLogoutUri, bool sessionRequired = false) => server.Register(TestClients.Public() with
    {
        FrontchannelLogoutUri = frontchannelLogoutUri,
        FrontchannelLogoutSessionRequired = sessionRequired,
    });

    private static IEnumerable<string> Frames(Browser browser) =>
        browser.Page.QuerySelectorAll("iframe").Select(frame => frame.GetAttribute("src")!);

    private static string EndAddress(string hint) =>
        $"/connect/endsession?id_token_hint={hint}&state=x&post_logout_redirect_uri={Uri.EscapeDataString(TestClients.SignedOut)}";

    private static string Claim(string token, string name) => System.Text.Json.JsonDocument
        .Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1])).RootElement.GetProperty(name).GetString()!;
}
