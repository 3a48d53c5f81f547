using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Pages;

public sealed class SignOutPageTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    [Case(244)]
    public async Task A_link_alone_signs_nobody_out()
    {
        using var browser = await server.SignInAsync("alice");

        await browser.GoAsync("/signout");
        Assert.Equal("Sign out?", browser.Text("h1"));
        await browser.GoAsync("/account");

        Assert.Equal("/account", browser.Address.AbsolutePath);
    }

    [Fact]
    [Case(244)]
    public async Task A_form_without_our_token_signs_nobody_out()
    {
        using var browser = await server.SignInAsync("alice");

        var answer = await browser.PostAsync("/signout", [KeyValuePair.Create("decision", "signout")]);
        await browser.GoAsync("/account");

        Assert.Equal((403, "/account"), (answer.Status, browser.Address.AbsolutePath));
    }

    [Fact]
    [Case(250)]
    [Case(275)]
    public async Task Signing_out_ends_the_session_its_cookie_and_its_tokens()
    {
        var client = server.Register(TestClients.Public());
        using var browser = await server.SignInAsync("alice");
        var tokens = await server.RedeemAsync(client, (await browser.AuthorizeAsync(client))["code"]);
        var cookie = browser.SessionCookie()!;
        await browser.GoAsync("/signout");

        await browser.SendFormAsync("#signout", ("decision", "signout"));

        Assert.Equal(("/signed-out", null), (browser.Address.AbsolutePath, browser.SessionCookie()));
        Assert.False(await server.IsActiveAsync(tokens.AccessToken));
        using var thief = server.NewBrowser();
        thief.SetCookie("__Host-idp-session", cookie);
        await thief.GoAsync("/account");
        Assert.Equal("/signin", thief.Address.AbsolutePath);
    }

    [Fact]
    public async Task Who_stays_is_still_signed_in()
    {
        using var browser = await server.SignInAsync("alice");
        await browser.GoAsync("/signout");

        await browser.SendFormAsync("#signout", ("decision", "stay"));

        Assert.Equal("/account", browser.Address.AbsolutePath);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("https://evil.example")]
    public async Task A_value_that_is_not_ours_leads_nowhere(string value)
    {
        using var browser = await server.SignInAsync("alice");
        await browser.GoAsync("/signout?signout=" + Uri.EscapeDataString(value));

        await browser.SendFormAsync("#signout", ("decision", "signout"));

        Assert.Equal(("/signed-out", null), (browser.Address.AbsolutePath, browser.LeftTo));
    }
}
