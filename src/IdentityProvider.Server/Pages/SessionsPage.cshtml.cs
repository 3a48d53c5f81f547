using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>Where a person is signed in: browsers, with the clients of each. Ends one, or all others.</summary>
internal sealed class SessionsPage(BrowserSession browser, SessionDesk desk)
    : AccountSection(browser, EndpointPaths.Sessions, "session", "sessions")
{
    public IReadOnlyList<SessionLine> Sessions { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(string? done)
    {
        if (await EnterAsync(done) is not { } session)
        {
            return SignIn();
        }

        Sessions = await desk.ListAsync(session, HttpContext.RequestAborted);
        return Page();
    }

    public async Task<IActionResult> OnPostEndSessionAsync(string? session)
    {
        if (await EnterAsync() is not { } present)
        {
            return SignIn();
        }

        return await desk.TryEndAsync(present, session, RemoteAddress, HttpContext.RequestAborted) ? Finished("session") : NoSuchPage();
    }

    public async Task<IActionResult> OnPostEndOthersAsync()
    {
        if (await EnterAsync() is not { } present)
        {
            return SignIn();
        }

        await desk.EndOthersAsync(present, RemoteAddress, HttpContext.RequestAborted);
        return Finished("sessions");
    }
}
