using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Recovery;
using IdentityProvider.Server.Resources;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>Takes the link of a mail and a new password. Only the form uses the link up; opening the page, however often, does not.</summary>
internal sealed class ResetPage(PasswordReset reset, IStringLocalizer<PageTexts> texts) : HostedPage
{
    public bool IsDone { get; private set; }

    public Account? Account { get; private set; }

    /// <summary>Key of the text above the form.</summary>
    public string? Notice { get; private set; }

    public string? Problem { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? token)
    {
        Account = await reset.FindAsync(token);
        return Account is null ? Gone() : Page();
    }

    public async Task<IActionResult> OnPostAsync(string? token, string? password)
    {
        Account = await reset.FindAsync(token);
        switch (await reset.ResetAsync(token, password ?? string.Empty, RemoteAddress, HttpContext.RequestAborted))
        {
            case PasswordResetOutcome.Done:
                IsDone = true;
                return Page();
            case PasswordResetOutcome.Refused(var problem):
                Problem = PasswordTexts.Of(problem, texts);
                return Mend();
            case PasswordResetOutcome.Busy:
                Notice = "ChangePassword.Busy";
                return ComeBack();
            default:
                Account = null;
                return Gone();
        }
    }
}
