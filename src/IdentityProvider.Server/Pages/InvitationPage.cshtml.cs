using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Accounts.SignUp;
using IdentityProvider.Server.Resources;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>Takes the link of an invitation; its person chooses a password and is signed in. Only the button uses it up.</summary>
internal sealed class InvitationPage(
    InvitedSignUp signUp, SignInDesk desk, SignInPlaces places, IStringLocalizer<PageTexts> texts) : HostedPage
{
    /// <summary>Null when the link does not work.</summary>
    public Invitation? Invitation { get; private set; }

    public string? Name { get; private set; }

    /// <summary>Key of the text above the form.</summary>
    public string? Notice { get; private set; }

    public string? NameProblem { get; private set; }

    public string? PasswordProblem { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? token)
    {
        Invitation = await signUp.FindAsync(token);
        return Invitation is null ? Gone() : Page();
    }

    public async Task<IActionResult> OnPostAsync(string? token, string? name, string? password)
    {
        (Invitation, Name) = (await signUp.FindAsync(token), name);
        switch (await signUp.AcceptAsync(token, name ?? string.Empty, password ?? string.Empty, RemoteAddress, HttpContext.RequestAborted))
        {
            case SignUpOutcome.Created(var account):
                var place = places.Open(HttpContext, flow: null, returnUrl: null)!;
                return SeeOther(await desk.ProvedAsync(HttpContext, account, Proof.Password, place, remember: false));
            case SignUpOutcome.Refused(var problems):
                NameProblem = problems.NameIsBad ? texts["Register.NameBad", SignUpDrafts.MaxNameLength].Value : null;
                PasswordProblem = problems.Password is { } problem ? PasswordTexts.Of(problem, texts) : null;
                return Mend();
            case SignUpOutcome.Busy:
                Notice = "Register.Busy";
                return ComeBack();
            default:
                Invitation = null;
                return Gone();
        }
    }
}
