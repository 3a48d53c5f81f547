using IdentityProvider.Accounts.Recovery;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Server.Resources;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Takes the link of a mail that proves an address. Only the button uses it up; before the first sign-in it asks for the password, and then that was
/// the first sign-in.
/// </summary>
internal sealed class ConfirmEmailPage(
    EmailConfirmation confirmation, PasswordSignIn signIn, SignInDesk desk, SignInPlaces places, IStringLocalizer<PageTexts> texts) : HostedPage
{
    public bool IsDone { get; private set; }

    /// <summary>What is to be confirmed; null when the link does not work.</summary>
    public ConfirmationLink? Link { get; private set; }

    /// <summary>Key of the text above the form.</summary>
    public string? Notice { get; private set; }

    public string? PasswordProblem { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? token)
    {
        Link = await confirmation.FindAsync(token);
        return Link is null ? Gone() : Page();
    }

    public async Task<IActionResult> OnPostAsync(string? token, string? password)
    {
        Link = await confirmation.FindAsync(token);
        if (Link is { AsksPassword: true } link)
        {
            return await ProveAsync(link, token, password ?? string.Empty);
        }

        IsDone = await confirmation.TryConfirmAsync(token, provedAccountId: null, RemoteAddress, HttpContext.RequestAborted);
        Link = null;
        return IsDone ? Page() : Gone();
    }

    private async Task<IActionResult> ProveAsync(ConfirmationLink link, string? token, string password)
    {
        switch (await signIn.SignInAsync(link.Account.UserName!, password, RemoteAddress, HttpContext.RequestAborted, provesEmail: true))
        {
            case SignInOutcome.SignedIn(var account)
                when await confirmation.TryConfirmAsync(token, account.Id, RemoteAddress, HttpContext.RequestAborted):
                var place = places.Open(HttpContext, flow: null, returnUrl: null)!;
                return SeeOther(await desk.ProvedAsync(HttpContext, account, Proof.Password, place, remember: false));
            case SignInOutcome.SignedIn:
                Link = null;
                return Gone();
            case SignInOutcome.TooMany(var pause):
                Notice = "Limit.Password";
                return ComeBackAfter(pause);
            case SignInOutcome.Busy:
                Notice = "SignIn.Busy";
                return ComeBack();
            default:
                PasswordProblem = texts["ConfirmEmail.PasswordWrong"];
                return Mend();
        }
    }
}
