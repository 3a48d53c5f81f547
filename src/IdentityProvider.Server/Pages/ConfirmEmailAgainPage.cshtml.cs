using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.SignUp;
using IdentityProvider.Server.Resources;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Sends another link to confirm an address. One answer after the same work for every address: whether there is something to confirm is looked
/// up when the mail is sent.
/// </summary>
internal sealed class ConfirmEmailAgainPage(IAccountMail mail, AccountLimits limits, IStringLocalizer<PageTexts> texts) : HostedPage
{
    public bool IsSent { get; private set; }

    public string? Email { get; private set; }

    /// <summary>Key of the text above the form.</summary>
    public string? Notice { get; private set; }

    public string? EmailProblem { get; private set; }

    public IActionResult OnGet() => mail.IsAvailable ? Page() : NoSuchPage();

    public async Task<IActionResult> OnPostAsync(string? email)
    {
        if (!mail.IsAvailable)
        {
            return NoSuchPage();
        }

        Email = email?.Trim() ?? string.Empty;
        if (!SignUpDrafts.IsEmail(Email))
        {
            EmailProblem = texts["Register.EmailMalformed"];
            return Mend();
        }

        if (await limits.TryAskForMailAsync(RemoteAddress, HttpContext.RequestAborted) is { Refusal: not null, RetryAfter: var pause })
        {
            Notice = "Limit.Mail";
            return ComeBackAfter(pause);
        }

        await mail.QueueAsync(new MailOrder(AccountMailKind.EmailVerification) { TypedName = Email }, HttpContext.RequestAborted);
        IsSent = true;
        return Page();
    }
}
