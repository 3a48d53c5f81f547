using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>
/// A walk past every page and every state of it that a person can see, errors included. Whoever walks says what is done at each stop. A new
/// page is a new stop here, and is then looked at by the accessibility tests and in the screenshots.
/// </summary>
/// <param name="fixture">Server and browser.</param>
/// <param name="visitor">Who walks; without cookies yet.</param>
/// <param name="look">What is done at each stop, with its name.</param>
internal sealed class PageTour(BrowserFixture fixture, Visitor visitor, Func<string, Task> look)
{
    public async Task WalkAsync()
    {
        await StrangersAsync();
        await SignInAsync();
        await AccountAsync();
        await DeviceAsync();
        await SecondFactorAsync();
        await SentCodesAsync();
        await LeaveAsync();
        await new NewcomerTour(await fixture.NewcomersAsync(), visitor, look).WalkAsync();
        await OutageAsync();
    }

    private async Task StrangersAsync()
    {
        await StopAsync("start", "/");
        await StopAsync("signin-own", "/signin");
        await StopAsync("register-own", "/register");
        await StopAsync("signed-out", "/signed-out");
        await StopAsync("not-found", "/nothing");
        await StopAsync("start-again", "/signin?flow=x");
        await StopAsync("refused", "/connect/authorize?client_id=nobody");
        await visitor.GoAsync("/signin");
        await visitor.Page.EvaluateAsync("document.querySelector('#signin [name=__RequestVerificationToken]').remove()");
        await visitor.SignInAsync("alice");
        await look("cross-site");
        await StopAsync("signin-long-name", fixture.AuthorizeAddress("hostile"));
    }

    private async Task SignInAsync()
    {
        await StopAsync("signin", fixture.AuthorizeAddress("shop", "&prompt=consent"));
        await visitor.SignInAsync("alice", "wrong");
        await look("signin-wrong");
        await SendEmptyAsync("signin-empty", "#signin");
        await visitor.Page.FollowAsync("#register-link");
        await look("register");
        await SendEmptyAsync("register-empty", "#register");
        await visitor.Page.FollowAsync("#signin-link");
        await visitor.SignInAsync("alice");
        await look("consent");
        await visitor.AllowAsync();
        await visitor.ArriveAsync();
        await StopAsync("select-account", fixture.AuthorizeAddress("shop", "&prompt=select_account"));
        await StopAsync("consent-long-name", fixture.AuthorizeAddress("hostile", "&prompt=consent"));
    }

    private async Task AccountAsync()
    {
        await StopAsync("account", "/account");
        await StopAsync("account-done", "/account?done=password");
        await StopAsync("profile", "/account/profile");
        await using (var elsewhere = await fixture.NewVisitorAsync())
        {
            await elsewhere.GoAsync("/signin");
            await elsewhere.SignInAsync("alice");
        }

        await StopAsync("sessions", "/account/sessions");
        await StopAsync("applications", "/account/applications");
        await visitor.GoAsync("/signin?fresh=true&returnUrl=%2Faccount%2Fdata"); // the page wants a sign-in of the last minutes
        await visitor.SignInAsync("alice");
        await look("data");
        await SendEmptyAsync("data-unsure", "#disable");
        await SendEmptyAsync("data-empty", "#delete");
        await StopAsync("closed", "/account/closed?done=deleted");
        await StopAsync("closed-disabled", "/account/closed?done=disabled");
        await StopAsync("linked", "/account/linked");
        await StopAsync("upstream-unavailable", "/signin/upstream/elsewhere");
        await StopAsync("password", "/account/password");
        await SendEmptyAsync("password-empty", "#change-password");
    }

    private async Task DeviceAsync()
    {
        await StopAsync("device", "/device");
        await SendEmptyAsync("device-empty", "#device");
        await StopAsync("device-asks", "/device?user_code=" + await NewUserCodeAsync());
        await visitor.Page.FollowAsync("#device-decision button[value=allow]");
        await look("device-allowed");
        await StopAsync("device-denied", "/device?done=denied");
    }

    private async Task SecondFactorAsync()
    {
        var (name, password) = ($"factor-{Guid.NewGuid():N}@example.com", "a long pass phrase of mine");
        await visitor.GoAsync("/register");
        await visitor.Page.FillAsync("#email", name);
        await visitor.Page.FillAsync("#password", password);
        await visitor.Page.FollowAsync("#register button");
        await visitor.GoAsync("/signin?fresh=true&level=2&returnUrl=%2Faccount");
        await visitor.SignInAsync(name, password);
        await look("signin-set-up");
        await StopAsync("second-factors", "/account/second-factor");
        await visitor.Page.FollowAsync("#add-app");
        await look("set-up");
        await SendEmptyAsync("set-up-empty", "#set-up");
        var app = new AuthenticatorApp(await visitor.Page.InnerTextAsync("#totp-key"));
        await visitor.Page.FillAsync("#code", app.Code());
        await visitor.Page.FollowAsync("#set-up button");
        await look("recovery-codes");
        var codes = await visitor.Page.Locator("#codes li").AllInnerTextsAsync();
        await visitor.Page.FollowAsync("#continue");
        await look("second-factors-set-up");
        await visitor.GoAsync("/signin?fresh=true");
        await visitor.SignInAsync(name, password);
        await look("second-factor");
        await SendEmptyAsync("second-factor-empty", "#second-factor");
        await visitor.Page.FollowAsync("#use-recovery_code");
        await look("recovery-code");
        await SendEmptyAsync("recovery-code-empty", "#recovery-code");
        await visitor.Page.FillAsync("#code", codes[0]);
        await visitor.Page.FollowAsync("#recovery-code button");
        await StopAsync("signin-ended", "/signin/ended?why=TooManyCodes");
        await StopAsync("signin-no-second-factor", "/signin/ended?why=NoSecondFactor");
    }

    private async Task SentCodesAsync()
    {
        await StopAsync("email", "/signin/email");
        await SendEmptyAsync("email-empty", "#signin-email");
        await visitor.Page.FillAsync("#username", "nobody@example.com");
        await visitor.Page.FollowAsync("#signin-email button");
        await look("email-code");
        await SendEmptyAsync("email-code-empty", "#email-code");
        await StopAsync("email-elsewhere", "/signin/email/link?token=x");
    }

    private async Task LeaveAsync()
    {
        await StopAsync("signout", "/signout");
        await StopAsync("signout-client", "/connect/endsession?client_id=shop&post_logout_redirect_uri=" + Uri.EscapeDataString(fixture.Client.Origin + "/done"));
        await visitor.Page.RouteAsync("**/js/*.js*", route => route.FulfillAsync(new RouteFulfillOptions { Body = string.Empty }));
        await StopAsync("form-post", fixture.AuthorizeAddress("own", "&response_mode=form_post"));
        await visitor.GoAsync(fixture.AuthorizeAddress("framed", "&response_mode=form_post"));
        await RedeemAsync("framed");
        await HoldSigningOutAsync();
        await visitor.GoAsync("/signout");
        await visitor.Page.FollowAsync("#signout button[value=signout]");
        await look("signing-out");
        await visitor.Page.UnrouteAllAsync();
    }

    /// <summary>A server that lets nobody register and has lost its database.</summary>
    private async Task OutageAsync()
    {
        var issuer = await fixture.BrokenAsync();
        await StopAsync("register-closed", issuer + "/register");
        await StopAsync("dev-mail-none", issuer + "/dev/mail");
        await visitor.GoAsync(issuer + "/signin");
        await visitor.SignInAsync("alice");
        await look("unavailable");
    }

    /// <summary>
    /// The page that signs clients out in frames goes on by itself, which <see cref="LogoutTests"/> prove with script and without. Here it
    /// stays until it was looked at: its script is taken away already, and this takes the header away that would leave in the midst of it.
    /// </summary>
    private Task HoldSigningOutAsync() => visitor.Page.RouteAsync(fixture.Issuer + "/signout", async route =>
    {
        if (route.Request.Method is not "POST")
        {
            await route.ContinueAsync();
            return;
        }

        var answer = await route.FetchAsync(new RouteFetchOptions { MaxRedirects = 0 });
        await route.FulfillAsync(new RouteFulfillOptions
        {
            Response = answer,
            Headers = answer.Headers.Where(header => header.Key is not "refresh"),
        });
    });

    /// <summary>The client gets the tokens of the code that stands in the page: from then on it is told of the end of the session.</summary>
    private async Task RedeemAsync(string client)
    {
        var form = visitor.Page.APIRequest.CreateFormData();
        form.Set("client_id", client);
        form.Set("grant_type", "authorization_code");
        form.Set("redirect_uri", fixture.Client.Callback);
        form.Set("code", await visitor.Page.InputValueAsync("input[name=code]"));
        form.Set("code_verifier", BrowserFixture.Verifier);
        var response = await visitor.Page.APIRequest.PostAsync("/connect/token", new APIRequestContextOptions { Form = form });
        Assert.Equal(200, response.Status);
    }

    /// <summary>A device asks for access: the code that it shows (RFC 8628 §3.2).</summary>
    private async Task<string> NewUserCodeAsync()
    {
        var form = visitor.Page.APIRequest.CreateFormData();
        form.Set("client_id", "television");
        form.Set("scope", "openid profile orders.read");
        var response = await visitor.Page.APIRequest.PostAsync("/connect/deviceauthorization", new APIRequestContextOptions { Form = form });
        return (await response.JsonAsync())!.Value.GetProperty("user_code").GetString()!;
    }

    private async Task StopAsync(string name, string address)
    {
        await visitor.GoAsync(address);
        await look(name);
    }

    private async Task SendEmptyAsync(string name, string form)
    {
        await visitor.SendEmptyAsync(form);
        await look(name);
    }
}
