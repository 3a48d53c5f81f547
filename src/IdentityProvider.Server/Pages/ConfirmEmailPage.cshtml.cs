using IdentityProvider.Accounts.Recovery;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>Takes the link of a mail that proves an address. Only the button uses it up.</summary>
internal sealed class ConfirmEmailPage(EmailConfirmation confirmation) : HostedPage
{
    public bool IsDone { get; private set; }

    /// <summary>What is to be confirmed; null when the link does not work.</summary>
    public string? Email { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? token)
    {
        Email = await confirmation.FindAsync(token);
        return Email is null ? Gone() : Page();
    }

    public async Task<IActionResult> OnPostAsync(string? token)
    {
        IsDone = await confirmation.TryConfirmAsync(token, RemoteAddress, HttpContext.RequestAborted);
        return IsDone ? Page() : Gone();
    }
}
