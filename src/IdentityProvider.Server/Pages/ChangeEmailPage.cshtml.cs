using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Accounts.SignUp;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Resources;
using IdentityProvider.Server.Sessions;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Asks for another mail address. Nothing is changed before the new one is confirmed, and the page says the same when somebody else has it.
/// </summary>
internal sealed class ChangeEmailPage(
    BrowserSession browser, People people, PasswordDoor passwords, IAccountMail mail, AccountLimits limits, IStringLocalizer<PageTexts> texts) : HostedPage
{
    public Person Person { get; private set; } = null!;

    public bool IsSent { get; private set; }

    public string? Email { get; private set; }

    /// <summary>Key of the text above the form.</summary>
    public string? Notice { get; private set; }

    public string? EmailProblem { get; private set; }

    public string? PasswordProblem { get; private set; }

    public async Task<IActionResult> OnGetAsync() => !mail.IsAvailable ? NoSuchPage() : await EnterAsync() is null ? SignIn() : Page();

    public async Task<IActionResult> OnPostAsync(string? email, string? password)
    {
        if (!mail.IsAvailable)
        {
            return NoSuchPage();
        }

        if (await EnterAsync() is not { } subject)
        {
            return SignIn();
        }

        Email = email?.Trim() ?? string.Empty;
        if (!SignUpDrafts.IsEmail(Email))
        {
            EmailProblem = texts["Register.EmailMalformed"];
            return Mend();
        }

        switch (await passwords.ProveAsync(HttpContext, Person.UserName, password ?? string.Empty))
        {
            case SignInOutcome.SignedIn(var account) when string.Equals(account.Id, subject, StringComparison.Ordinal):
                return await SendAsync(account, Email);
            case SignInOutcome.Busy:
                Notice = "ChangePassword.Busy";
                return ComeBack();
            case SignInOutcome.TooMany(var pause):
                Notice = "Limit.Password";
                return ComeBackAfter(pause);
            default:
                PasswordProblem = texts["ChangePassword.CurrentWrong"];
                return Mend();
        }
    }

    private async Task<IActionResult> SendAsync(Account account, string email)
    {
        if (await limits.TryAskForMailAsync(RemoteAddress, HttpContext.RequestAborted) is { Refusal: not null, RetryAfter: var pause })
        {
            Notice = "Limit.Mail";
            return ComeBackAfter(pause);
        }

        await mail.QueueAsync(
            new MailOrder(AccountMailKind.EmailChangeConfirmation) { AccountId = account.Id, Address = email }, HttpContext.RequestAborted);
        IsSent = true;
        return Page();
    }

    private async Task<string?> EnterAsync()
    {
        if (await browser.ReadAsync(HttpContext, HttpContext.RequestAborted) is not { } session)
        {
            return null;
        }

        Person = await people.GetAsync(session.Subject, HttpContext.RequestAborted);
        return session.Subject;
    }

    private IActionResult SignIn() => SeeOther($"~{EndpointPaths.SignIn}?{PageParameters.ReturnUrl}={EndpointPaths.ChangeEmail}");
}
