using IdentityProvider.Accounts.Activity;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>What happened to an account: sign-ins, failures, changes; page by page, the newest first.</summary>
internal sealed class HistoryPage(BrowserSession browser, IAccountActivity activity, HistoryTexts texts)
    : AccountSection(browser, EndpointPaths.History)
{
    /// <summary>Events on one page.</summary>
    public const int PageLength = 20;

    public IReadOnlyList<HistoryLine> Lines { get; private set; } = [];

    public string? OlderAddress { get; private set; }

    /// <summary>Null on the first page.</summary>
    public string? NewestAddress { get; private set; }

    /// <param name="before">Id of the last event of the page before; what is no id begins at the newest.</param>
    public async Task<IActionResult> OnGetAsync(string? before)
    {
        if (await EnterAsync() is not { } session)
        {
            return SignIn();
        }

        Guid? start = Guid.TryParseExact(before, "N", out var id) ? id : null;
        var events = await activity.ListEventsAsync(session.Subject, start, PageLength + 1, HttpContext.RequestAborted);
        Lines = [.. events.Take(PageLength).Select(entry => texts.LineOf(entry.Event))];
        var address = Url.Content("~" + Path);
        NewestAddress = start is null ? null : address;
        OlderAddress = events.Count > PageLength ? $"{address}?{PageParameters.Before}={events[PageLength - 1].Id:N}" : null;
        return Page();
    }
}
