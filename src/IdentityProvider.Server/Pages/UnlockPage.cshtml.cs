using IdentityProvider.Accounts.Recovery;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>Takes the link of a mail that ends the pause of an account. Only the button uses it up.</summary>
internal sealed class UnlockPage(PauseEnd pause) : HostedPage
{
    public bool IsDone { get; private set; }

    public bool IsOpen { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? token)
    {
        IsOpen = await pause.IsOpenAsync(token);
        return IsOpen ? Page() : Gone();
    }

    public async Task<IActionResult> OnPostAsync(string? token)
    {
        IsDone = await pause.TryEndAsync(token, RemoteAddress, HttpContext.RequestAborted);
        return IsDone ? Page() : Gone();
    }
}
