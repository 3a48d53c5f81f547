using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Server.Resources;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Sends a link to who forgot their password. One answer after the same work for every name: whether there is such an account is looked up
/// when the mail is sent (OWASP Forgot Password).
/// </summary>
internal sealed class ForgotPage(IAccountMail mail, AccountLimits limits, IStringLocalizer<PageTexts> texts) : HostedPage
{
    public bool IsSent { get; private set; }

    /// <summary>Key of the text above the form.</summary>
    public string? Notice { get; private set; }

    public string? UserName { get; private set; }

    public string? UserNameProblem { get; private set; }

    public IActionResult OnGet() => mail.IsAvailable ? Page() : NoSuchPage();

    public async Task<IActionResult> OnPostAsync(string? username)
    {
        if (!mail.IsAvailable)
        {
            return NoSuchPage();
        }

        UserName = username;
        if (string.IsNullOrWhiteSpace(username) || username.Length > AccountFinder.MaxLength)
        {
            UserNameProblem = texts["Forgot.NameMissing"];
            return Mend();
        }

        if (await limits.TryAskForMailAsync(RemoteAddress, HttpContext.RequestAborted) is { Refusal: not null, RetryAfter: var pause })
        {
            Notice = "Limit.Mail";
            return ComeBackAfter(pause);
        }

        await mail.QueueAsync(new MailOrder(AccountMailKind.PasswordReset) { TypedName = username }, HttpContext.RequestAborted);
        IsSent = true;
        return Page();
    }
}
