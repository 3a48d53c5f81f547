using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>Passkeys in Chromium with an authenticator of its own for each person.</summary>
[Collection(SharedBrowser.Name)]
public sealed class PasskeyTests(BrowserFixture fixture)
{
    private const string Passkeys = "/account/passkeys";

    [Fact]
    public async Task A_passkey_is_made_after_the_password_and_signs_in_by_the_button_and_by_autofill()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        var authenticator = await VirtualAuthenticator.AttachAsync(visitor.Page);
        await authenticator.AnswerAsync(enabled: false);
        await visitor.GoAsync(fixture.AuthorizeAddress("own"));
        await visitor.Page.WaitForFunctionAsync("document.querySelector('#signin input[name=passkeys]').value === 'true'");
        await visitor.SignInAsync("dora");
        Assert.Equal("/signin/passkey/offer", visitor.Path);
        await AssertFitAsync(visitor);
        await authenticator.AnswerAsync(enabled: true);
        await visitor.Page.ClickAsync("#create-passkey button");
        await visitor.ArriveAsync();
        Assert.True(Assert.Single(await authenticator.ListAsync()).GetProperty("isResidentCredential").GetBoolean());

        // Nobody presses anything: the list under the first field is what the authenticator answers.
        await SignOutAsync(visitor);
        await visitor.GoAsync("/signin");
        await visitor.Page.WaitForURLAsync(fixture.Issuer + "/account");

        await SignOutAsync(visitor);
        await WithoutAutofillAsync(visitor);
        await visitor.GoAsync("/signin");
        await visitor.Page.ClickAsync("#passkey button");
        await visitor.Page.WaitForURLAsync(fixture.Issuer + "/account");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task A_copy_of_the_authenticator_is_refused_and_so_is_a_removed_passkey()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        var authenticator = await VirtualAuthenticator.AttachAsync(visitor.Page);
        await WithoutAutofillAsync(visitor);
        await AddAsync(visitor, "erik");
        var copy = Assert.Single(await authenticator.ListAsync()).Clone();
        await SignInByPasskeyAsync(visitor);
        Assert.Equal("/account", visitor.Path);

        await authenticator.RestoreAsync(copy);
        await SignInByPasskeyAsync(visitor);
        Assert.Contains("does not sign you in", await visitor.Page.InnerTextAsync("#notice"), StringComparison.Ordinal);

        await visitor.GoAsync("/signin?fresh=true&returnUrl=" + Passkeys);
        await visitor.SignInAsync("erik");
        await visitor.Page.FollowAsync("#passkeys form[action*=Remove] button");
        Assert.Contains("removed", await visitor.Page.InnerTextAsync("#done"), StringComparison.Ordinal);
        await SignInByPasskeyAsync(visitor);
        Assert.Contains("does not sign you in", await visitor.Page.InnerTextAsync("#notice"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_passkey_needs_a_second_authenticator_and_nobody_unverified_gets_one()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        var first = await VirtualAuthenticator.AttachAsync(visitor.Page);
        await AddAsync(visitor, "frida");
        await visitor.Page.ClickAsync("#create-passkey button");
        await visitor.Page.WaitForSelectorAsync("#create-passkey [data-failed]:not([hidden])");
        Assert.Single(await first.ListAsync());

        await first.ForgetAllAsync();
        await using var elsewhere = await fixture.NewVisitorAsync();
        var second = await VirtualAuthenticator.AttachAsync(elsewhere.Page, isUserVerified: false);
        await elsewhere.GoAsync("/signin?returnUrl=" + Passkeys);
        await elsewhere.SignInAsync("frida");
        await PassOfferAsync(elsewhere);
        await elsewhere.Page.ClickAsync("#create-passkey button");
        await elsewhere.Page.WaitForSelectorAsync("#create-passkey [data-failed]:not([hidden])");
        Assert.Empty(await second.ListAsync());
        await second.VerifyAsync(isUserVerified: true);
        await elsewhere.Page.ClickAsync("#create-passkey button");
        await elsewhere.Page.WaitForSelectorAsync("#done");

        Assert.Equal(2, await elsewhere.Page.Locator("#passkeys > li").CountAsync());
        await AssertFitAsync(elsewhere);
    }

    /// <summary>The browser itself keeps a page of another origin from using a passkey of ours.</summary>
    [Fact]
    public async Task Another_site_gets_no_answer_for_our_domain()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await VirtualAuthenticator.AttachAsync(visitor.Page);
        await AddAsync(visitor, "gina");
        await visitor.Page.RouteAsync("https://id.example.test/*", route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = "<h1>x</h1>" }));
        await visitor.GoAsync("https://id.example.test/");

        var error = await visitor.Page.EvaluateAsync<string>(
            "navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32), rpId: 'localhost', userVerification: 'required' } }).then(() => 'an answer', error => error.name)");

        Assert.Equal("SecurityError", error);
    }

    [Fact]
    public async Task Without_script_nothing_speaks_of_passkeys_but_the_password_works()
    {
        await using var visitor = await fixture.NewVisitorAsync(script: false);
        await visitor.GoAsync("/signin");

        Assert.False(await visitor.Page.IsVisibleAsync("#passkey"));
        await visitor.SignInAsync("alice");
        Assert.Equal("/account", visitor.Path);
        await visitor.GoAsync(Passkeys);
        Assert.False(await visitor.Page.IsVisibleAsync("#create-passkey"));
        Assert.True(await visitor.Page.IsVisibleAsync("[data-no-passkeys]"));
    }

    private static async Task AddAsync(Visitor visitor, string userName)
    {
        await visitor.GoAsync("/signin?returnUrl=" + Passkeys);
        await visitor.SignInAsync(userName);
        await PassOfferAsync(visitor);
        await visitor.Page.ClickAsync("#create-passkey button");
        await visitor.Page.WaitForSelectorAsync("#done");
    }

    private static async Task PassOfferAsync(Visitor visitor)
    {
        if (visitor.Path is "/signin/passkey/offer")
        {
            await visitor.Page.FollowAsync("#later");
        }

        Assert.Equal(Passkeys, visitor.Path);
    }

    /// <summary>A browser that knows no autofill: the virtual authenticator would answer the list before anybody presses a button.</summary>
    private static Task WithoutAutofillAsync(Visitor visitor) =>
        visitor.Page.AddInitScriptAsync("delete PublicKeyCredential.isConditionalMediationAvailable;");

    private static async Task SignInByPasskeyAsync(Visitor visitor)
    {
        await SignOutAsync(visitor);
        await visitor.GoAsync("/signin");
        await visitor.Page.FollowAsync("#passkey button");
    }

    private static async Task SignOutAsync(Visitor visitor)
    {
        await visitor.GoAsync("/signout");
        if (await visitor.Page.QuerySelectorAsync("#signout button[value=signout]") is not null)
        {
            await visitor.Page.FollowAsync("#signout button[value=signout]");
        }
    }

    private static async Task AssertFitAsync(Visitor visitor) =>
        Assert.Empty(await Axe.FindAsync(visitor.Page));
}
