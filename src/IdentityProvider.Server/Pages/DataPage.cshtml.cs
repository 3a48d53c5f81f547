using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Resources;
using IdentityProvider.Server.Sessions;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>A person's data: downloads it, disables the account, deletes it. Each after a fresh proof, the last two only where the operator allows them.</summary>
internal sealed class DataPage(BrowserSession browser, FreshSignIn fresh, AccountDesk desk, People people, IStringLocalizer<PageTexts> texts)
    : AccountSection(browser, EndpointPaths.AccountData)
{
    private readonly BrowserSession _browser = browser;

    public Person Person { get; private set; } = null!;

    public bool AllowsClosing => desk.AllowsClosing;

    public string? SureProblem { get; private set; }

    public string? ConfirmProblem { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (await EnterAsync() is not { } session)
        {
            return SignIn();
        }

        Person = await people.GetAsync(session.Subject, HttpContext.RequestAborted);
        return Page();
    }

    public async Task<IActionResult> OnPostExportAsync()
    {
        if (await EnterAsync() is not { } session)
        {
            return SignIn();
        }

        if (await FindProofAsync(session) is { } proof)
        {
            return proof;
        }

        return await desk.ExportAsync(session.Subject, RemoteAddress, HttpContext.RequestAborted) is { } json
            ? File(json, "application/json", "account.json")
            : SignIn();
    }

    public async Task<IActionResult> OnPostDisableAsync(bool sure)
    {
        if (await EnterAsync() is not { } session)
        {
            return SignIn();
        }

        if (await FindObstacleAsync(session) is { } obstacle)
        {
            return obstacle;
        }

        if (!sure)
        {
            SureProblem = texts["Data.DisableUnsure"];
            return Mend();
        }

        return await desk.TryDisableAsync(session.Subject, RemoteAddress, HttpContext.RequestAborted) ? Closed("disabled") : SignIn();
    }

    public async Task<IActionResult> OnPostDeleteAsync(string? confirm)
    {
        if (await EnterAsync() is not { } session)
        {
            return SignIn();
        }

        if (await FindObstacleAsync(session) is { } obstacle)
        {
            return obstacle;
        }

        if (!string.Equals(confirm?.Trim(), Person.UserName, StringComparison.OrdinalIgnoreCase))
        {
            ConfirmProblem = texts["Data.ConfirmWrong"];
            return Mend();
        }

        return await desk.TryDeleteAsync(session.Subject, HttpContext.RequestAborted) ? Closed("deleted") : SignIn();
    }

    private async Task<IActionResult?> FindObstacleAsync(Session session)
    {
        if (!AllowsClosing)
        {
            return NoSuchPage();
        }

        Person = await people.GetAsync(session.Subject, HttpContext.RequestAborted);
        return await FindProofAsync(session);
    }

    /// <summary>Null when the proof is fresh; else the way to give one, which leads back here.</summary>
    private async Task<IActionResult?> FindProofAsync(Session session)
    {
        var level = await desk.LevelOfAsync(session.Subject, HttpContext.RequestAborted);
        return fresh.IsFresh(session, level) ? null : SeeOther(FreshSignIn.AddressFor(Url.Content("~" + Path), level));
    }

    private IActionResult Closed(string how)
    {
        _browser.Forget(HttpContext);
        return SeeOther($"~{EndpointPaths.AccountClosed}?{PageParameters.Done}={how}");
    }
}
