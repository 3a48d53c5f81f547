using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.SignIn;

public sealed class PromptLoginTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("max_age", "0")]
    [Case(14)]
    [Clause("OIDC Core", "3.1.2.1", "login: The Authorization Server SHOULD prompt the End-User for reauthentication.")]
    public async Task A_sign_in_in_another_tab_is_no_answer_to_a_request_that_asks_for_its_own(string name, string value)
    {
        var client = server.Register(TestClients.Public());
        using var browser = await server.SignInAsync("alice");
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        await browser.GoAsync(client.AuthorizeAddress((name, value)));
        var waiting = browser.Address;

        // The other tab: a page of ours, and another client's request.
        await browser.GoAsync("/signin?fresh=true");
        await browser.SignInAsync("alice", ServerFixture.Password);
        await browser.GoAsync(client.AuthorizeAddress(("prompt", "login")));
        await browser.SignInAsync("alice", ServerFixture.Password);
        Assert.NotNull(browser.LeftTo);
        await browser.GoAsync(waiting.ToString().Replace("/signin?flow=", "/connect/authorize?idp_flow=", StringComparison.Ordinal));

        Assert.Equal("/signin", browser.Address.AbsolutePath);
        await browser.SignInAsync("alice", ServerFixture.Password);
        Assert.Contains("code", Flows.Parameters(browser.LeftTo!).Keys);
    }

    [Fact]
    public async Task Where_no_request_asks_for_its_own_one_sign_in_serves_both_tabs()
    {
        var client = server.Register(TestClients.Public());
        using var browser = server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());
        var first = browser.Address;
        await browser.GoAsync(client.AuthorizeAddress(("max_age", "300")));
        var second = browser.Address;
        await browser.GoAsync(client.AuthorizeAddress());
        await browser.SignInAsync("alice", ServerFixture.Password);

        foreach (var waiting in new[] { first, second })
        {
            await browser.GoAsync(waiting.ToString().Replace("/signin?flow=", "/connect/authorize?idp_flow=", StringComparison.Ordinal));
            Assert.Contains("code", Flows.Parameters(browser.LeftTo!).Keys);
        }
    }

    [Fact]
    [Case(278)]
    public async Task Who_signs_out_and_in_again_meanwhile_signs_in_for_the_request_once_more()
    {
        var client = server.Register(TestClients.Public() with { RequireConsent = true });
        using var browser = server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress(("prompt", "login")));
        await browser.SignInAsync("alice", ServerFixture.Password);
        var consent = browser.Address;
        Assert.Equal("/consent", consent.AbsolutePath);
        await browser.GoAsync("/signout");
        await browser.SubmitAsync("signout");
        await browser.GoAsync("/signin");
        await browser.SignInAsync("bob", ServerFixture.Password);

        await browser.GoAsync(consent.ToString());
        if (browser.Address.AbsolutePath is "/consent")
        {
            await browser.SendFormAsync("#consent", ("decision", "allow"));
        }

        Assert.Equal("/signin", browser.Address.AbsolutePath);
    }

    [Fact]
    public async Task The_offer_of_a_passkey_does_not_forget_the_sign_in()
    {
        var client = server.Register(TestClients.Public());
        using var browser = server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress(("prompt", "login")));

        await browser.SendFormAsync("#signin", ("username", "bob"), ("password", ServerFixture.Password), ("decision", "signin"), ("passkeys", "true"));
        Assert.Equal("/signin/passkey/offer", browser.Address.AbsolutePath);
        await browser.GoAsync(browser.Page.QuerySelector("#later")!.GetAttribute("href")!);

        Assert.Contains("code", Flows.Parameters(browser.LeftTo!).Keys);
    }
}
