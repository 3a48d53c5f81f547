using IdentityProvider.Server.Tests.SignIn;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Passkeys;

public sealed class PasskeyLevelTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    [Case(277)]
    [Case(307)]
    public async Task Who_has_an_app_proves_both_factors_before_a_passkey_stands_for_both()
    {
        var person = await server.AddPersonWithAppAsync();
        using var browser = server.NewBrowser();
        await browser.GoAsync("/signin");
        await browser.TypePasswordAsync(person.Name);
        await browser.TypeCodeAsync(person.App.FreshCode(), ("trust", "true"));
        await browser.GoAsync("/signin?fresh=true");
        await browser.TypePasswordAsync(person.Name);

        await browser.GoAsync(PasskeyForms.Page);
        Assert.Null(browser.Page.QuerySelector("#create-passkey"));
        await browser.GoAsync(browser.Page.QuerySelector("#prove-link")!.GetAttribute("href")!);
        await browser.TypePasswordAsync(person.Name);
        await browser.TypeCodeAsync(person.App.FreshCode());

        Assert.Equal(PasskeyForms.Page, browser.Address.AbsolutePath);
        (await browser.AddPasskeyAsync()).Dispose();
    }
}
