using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>Which clients have access to an account, to what, since when and when they last used it; takes it back.</summary>
internal sealed class ApplicationsPage(BrowserSession browser, ApplicationDesk desk)
    : AccountSection(browser, EndpointPaths.Applications, "access")
{
    public IReadOnlyList<ApplicationLine> Applications { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(string? done)
    {
        if (await EnterAsync(done) is not { } session)
        {
            return SignIn();
        }

        Applications = await desk.ListAsync(session.Subject, HttpContext.RequestAborted);
        return Page();
    }

    public async Task<IActionResult> OnPostWithdrawAsync(string? client)
    {
        if (await EnterAsync() is not { } session)
        {
            return SignIn();
        }

        return await desk.TryWithdrawAsync(session, client, RemoteAddress, HttpContext.RequestAborted) ? Finished("access") : NoSuchPage();
    }
}
