using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>
/// The part of the <see cref="PageTour"/> for which mail and text messages have to be read: from registration to the ways back into an account.
/// </summary>
/// <param name="server">Where.</param>
/// <param name="visitor">Who walks.</param>
/// <param name="look">What is done at each stop, with its name.</param>
internal sealed class NewcomerTour(NewcomersServer server, Visitor visitor, Func<string, Task> look)
{
    private const string Password = "a long pass phrase of mine";

    private readonly string _number = "+493023125" + RandomNumberGenerator.GetInt32(1000).ToString("D3", CultureInfo.InvariantCulture);
    private string _email = $"ada-{Guid.NewGuid().ToString("N")[..8]}@example.com";

    private IPage Page => visitor.Page;

    public async Task WalkAsync()
    {
        await RegisterAsync();
        await OfferAsync();
        await StrangerAsync();
        await AccountAsync();
        await TelephoneAsync();
        await ElsewhereAsync();
        await PasskeysAsync();
        await MailedLinkAsync();
        await ForgottenAsync();
        await LimitsAsync();
    }

    private async Task RegisterAsync()
    {
        await GoAsync("/register");
        await Page.FillAsync("#name", "Ada Newcomer");
        await Page.FillAsync("#email", _email);
        await Page.FillAsync("#password", Password);
        await Page.FollowAsync("#register button");
        await look("register-sent");
        var (mail, link) = await server.FindMailAsync(_email, "/confirm-email");
        await StopAsync("dev-mail-open", mail);
        await StopAsync("confirm-email", link);
        await SendEmptyAsync("confirm-email-empty", "#confirm-email");
        await Page.FillAsync("#password", Password);
        await Page.FollowAsync("#confirm-email button");
        Assert.Equal("/account", visitor.Path);
        await StopAsync("confirm-email-dead", "/confirm-email?token=x");
        await StopAsync("confirm-email-again", "/confirm-email/again");
        await SendEmptyAsync("confirm-email-again-empty", "#confirm-email-again");
        await Page.FillAsync("#email", _email);
        await Page.FollowAsync("#confirm-email-again button");
        await look("confirm-email-again-sent");
        await StopAsync("invitation", server.Invitation);
        await SendEmptyAsync("invitation-empty", "#invitation");
        await StopAsync("invitation-dead", "/invitation?token=x");
    }

    private async Task OfferAsync()
    {
        // The authenticator would answer the list under the first field before anybody looks.
        await Page.AddInitScriptAsync("delete PublicKeyCredential.isConditionalMediationAvailable;");
        var authenticator = await VirtualAuthenticator.AttachAsync(Page);
        await SignOutAsync();
        await GoAsync("/signin");
        await Page.WaitForFunctionAsync("document.querySelector('#signin input[name=passkeys]').value === 'true'");
        await visitor.SignInAsync(_email, Password);
        await look("passkey-offer");
        await Page.FollowAsync("#later");
        await authenticator.RemoveAsync();
    }

    private async Task AccountAsync()
    {
        await StopAsync("applications-none", "/account/applications");
        await StopAsync("change-email", "/account/email");
        await SendEmptyAsync("change-email-empty", "#change-email");
        _email = "new-" + _email;
        await Page.FillAsync("#email", _email);
        await Page.FillAsync("#password", Password);
        await Page.FollowAsync("#change-email button");
        await look("change-email-sent");
        await StopAsync("change-email-confirm", await server.FindLinkAsync(_email, "/confirm-email"));
        await Page.FollowAsync("#confirm-email button");
        await look("change-email-done");
        await StopAsync("history", "/account/history");
    }

    private async Task TelephoneAsync()
    {
        await GoAsync("/signin?fresh=true&returnUrl=%2Faccount%2Fsecond-factor%2Ftelephone"); // the page wants a sign-in of the last minutes
        await visitor.SignInAsync(_email, Password);
        await look("telephone");
        await SendEmptyAsync("telephone-empty", "#telephone");
        await Page.FillAsync("#number", _number);
        await Page.FollowAsync("#telephone button");
        await look("telephone-code");
        await SendEmptyAsync("telephone-code-empty", "#telephone-code");
        await Page.FillAsync("#code", await server.FindCodeAsync(_number, count: 1));
        await Page.FollowAsync("#telephone-code button");
        await StopAsync("dev-mail", "/dev/mail");
        await StopAsync("passkeys-prove", "/account/passkeys");
        await GoAsync("/signin?fresh=true");
        await visitor.SignInAsync(_email, Password);
        await look("sms-code");
        await Page.FollowAsync("#send button[value=send]");
        await look("sms-code-sent");
        await SendEmptyAsync("sms-code-empty", "#sms-code");
        await Page.FillAsync("#code", await server.FindCodeAsync(_number, count: 2));
        await Page.CheckAsync("#trust");
        await Page.FollowAsync("#sms-code button");
        await StopAsync("second-factors-telephone", "/account/second-factor");
    }

    private async Task ElsewhereAsync()
    {
        await GoAsync("/account/linked");
        await Page.FollowAsync("#link button");
        await visitor.AllowAsync();
        Assert.Equal("/account/linked", visitor.Path);
        await look("linked-one");
    }

    private async Task PasskeysAsync()
    {
        await StopAsync("passkeys-none", "/account/passkeys");
        var authenticator = await VirtualAuthenticator.AttachAsync(Page);
        await Page.FollowAsync("#create-passkey button");
        await look("passkeys");
        await Page.ClickAsync("#passkeys summary");
        await look("passkeys-rename");
        await SendEmptyAsync("passkeys-rename-empty", "#passkeys form[action*=Rename]");
        await GoAsync("/signin?fresh=true&level=2&returnUrl=%2Faccount");
        await ForgetDeviceAsync();
        await visitor.SignInAsync(_email, Password);
        await Page.FollowAsync("#use-passkey");
        await look("signin-passkey");
        await Page.FollowAsync("#passkey button");
        Assert.Equal("/account", visitor.Path);
        await authenticator.RemoveAsync();
        await SignOutAsync();
    }

    private async Task MailedLinkAsync()
    {
        await GoAsync("/signin/email");
        await Page.FillAsync("#username", _email);
        await Page.FollowAsync("#signin-email button");
        await look("email-code-link");
        await StopAsync("email-link", await server.FindLinkAsync(_email, "/signin/email/link"));
        await GoAsync("/signin");
        await Page.FollowAsync("[data-provider=home]");
        await look("signin-tile");
        await Page.FollowAsync("#cancel button");
        await look("upstream-denied");
    }

    private async Task ForgottenAsync()
    {
        await StopAsync("forgot", "/forgot");
        await SendEmptyAsync("forgot-empty", "#forgot");
        await Page.FillAsync("#username", _email);
        await Page.FollowAsync("#forgot button");
        await look("forgot-sent");
        await StopAsync("reset", await server.FindLinkAsync(_email, "/reset"));
        await SendEmptyAsync("reset-empty", "#reset");
        await Page.FillAsync("#password", Password + " again");
        await Page.FollowAsync("#reset button");
        await look("reset-done");
        await StopAsync("reset-dead", "/reset?token=x");
    }

    private async Task LimitsAsync()
    {
        for (var i = 0; i < 6; i++)
        {
            await GoAsync("/signin");
            await visitor.SignInAsync(_email, "wrong");
        }

        await look("signin-too-many");
        await StopAsync("unlock", await server.FindLinkAsync(_email, "/unlock"));
        await Page.FollowAsync("#unlock button");
        await look("unlock-done");
        await StopAsync("unlock-dead", "/unlock?token=x");
    }

    private async Task StrangerAsync()
    {
        var address = "/connect/authorize?response_type=code&scope=openid%20profile&state=a&code_challenge_method=S256"
            + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&client_id=" + server.Stranger + "&redirect_uri=" + Uri.EscapeDataString(NewcomersServer.StrangersCallback);
        await StopAsync("leaving", address + "&prompt=none%20login");
        await StopAsync("consent-unverified", address);
    }

    /// <summary>As on a device of which the account knows nothing.</summary>
    private Task ForgetDeviceAsync() => Page.Context.ClearCookiesAsync(new BrowserContextClearCookiesOptions { NameRegex = new Regex("device", RegexOptions.None, TimeSpan.FromSeconds(1)) });

    private async Task SignOutAsync()
    {
        await GoAsync("/signout");
        if (await Page.QuerySelectorAsync("#signout") is not null)
        {
            await Page.FollowAsync("#signout button[value=signout]");
        }
    }

    private Task GoAsync(string address) => visitor.GoAsync(address.StartsWith('/') ? server.Issuer + address : address);

    private async Task StopAsync(string name, string address)
    {
        await GoAsync(address);
        await look(name);
    }

    private async Task SendEmptyAsync(string name, string form)
    {
        await visitor.SendEmptyAsync(form);
        await look(name);
    }
}
