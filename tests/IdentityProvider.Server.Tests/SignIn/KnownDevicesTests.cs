using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Server.SignIn;
using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.SignIn;

public sealed class KnownDevicesTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task A_browser_is_known_to_the_account_that_signed_in_and_to_no_other()
    {
        using var browser = await server.SignInAsync("alice");

        Assert.True(await IsKnownAsync(browser, "alice"));
        Assert.False(await IsKnownAsync(browser, "bob"));
    }

    [Fact]
    public async Task A_further_browser_is_told_by_mail_and_the_first_one_is_not()
    {
        var email = Guid.NewGuid().ToString("N") + "@example.com";
        var name = await server.AddPersonAsync(account => account.Email = email);
        using var first = await server.SignInAsync(name);

        using var second = await server.SignInAsync(name);

        Assert.Contains("was not used before", (await server.Mails.NextAsync(email, "A new device signed in")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Mails.Unread, mail => mail.To == email);
    }

    [Fact]
    public async Task A_wrong_password_makes_no_browser_known()
    {
        using var browser = server.NewBrowser();
        await browser.GoAsync("/signin");
        await browser.SignInAsync("alice", "not the password at all");

        Assert.False(await IsKnownAsync(browser, "alice"));
    }

    [Fact]
    public async Task A_cookie_made_up_or_of_another_account_makes_no_browser_known()
    {
        using var alice = await server.SignInAsync("alice");
        using var bob = await server.SignInAsync("bob");
        var (name, value) = DeviceCookieOf(alice);
        bob.SetCookie(DeviceCookieOf(bob).Name, value);
        alice.SetCookie(name, value[..^2] + (value[^2] == 'A' ? "Bg" : "Ag"));

        Assert.False(await IsKnownAsync(bob, "bob"));
        Assert.False(await IsKnownAsync(alice, "alice"));
    }

    [Fact]
    public async Task The_browser_stays_known_after_signing_out()
    {
        using var browser = await server.SignInAsync("alice");
        await browser.GoAsync("/signout");
        await browser.SubmitAsync("signout");

        Assert.True(await IsKnownAsync(browser, "alice"));
    }

    [Fact]
    public async Task A_sign_in_that_the_deletion_of_its_account_overtakes_ends_on_the_sign_in_page()
    {
        var name = await server.AddPersonAsync();
        await using var scope = server.Services.CreateAsyncScope();
        var account = (await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByNameAsync(name))!;
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Scheme = "https";
        var place = server.Services.GetRequiredService<SignInPlaces>().Open(context, flow: null, returnUrl: "/account")!;

        Assert.True(await scope.ServiceProvider.GetRequiredService<IAccountStateStore>()
            .TryDeleteAsync(account.Id, farewell: null, server.Clock.GetUtcNow(), default));
        var next = await scope.ServiceProvider.GetRequiredService<SignInDesk>().ProvedAsync(context, account, Proof.Password, place, remember: false);

        Assert.Equal("~/signin?returnUrl=%2Faccount", next);
        Assert.DoesNotContain("idp-session", context.Response.Headers.SetCookie.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("idp-device", context.Response.Headers.SetCookie.ToString(), StringComparison.Ordinal);
    }

    private static (string Name, string Value) DeviceCookieOf(Browser browser)
    {
        var cookie = browser.Cookies.GetAllCookies().Single(cookie => cookie.Name.StartsWith("__Host-idp-device-", StringComparison.Ordinal));
        return (cookie.Name, cookie.Value);
    }

    private async Task<bool> IsKnownAsync(Browser browser, string userName)
    {
        using var scope = server.Services.CreateScope();
        var account = await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByNameAsync(userName);
        var context = new DefaultHttpContext();
        context.Request.Scheme = "https";
        context.Request.Headers.Cookie = browser.Cookies.GetCookieHeader(new Uri(ServerFixture.Issuer));
        return await server.Services.GetRequiredService<KnownDevices>().IsKnownAsync(context, account!, default);
    }
}
