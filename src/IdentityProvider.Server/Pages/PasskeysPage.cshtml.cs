using IdentityProvider.Accounts.Passkeys;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Composition;
using IdentityProvider.Server.Passkeys;
using IdentityProvider.Server.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>A person's passkeys: adds, renames and removes them. Adding and removing ask for a fresh proof.</summary>
internal sealed class PasskeysPage(PasskeyDesk desk, PasskeyBook book, BrowserSession browser, PasskeyGuard guard, TimeTexts times) : HostedPage
{
    private static readonly string[] DoneWords = ["added", "renamed", "removed"];

    private string? _renamed;

    public IReadOnlyList<PasskeyLine> Passkeys { get; private set; } = [];

    /// <summary>What was just done; null when nothing was.</summary>
    public string? Done { get; private set; }

    /// <summary>Key of the text above the list.</summary>
    public string? Notice { get; private set; }

    /// <summary>What was typed as the name of the passkey whose name is to be mended.</summary>
    public string? Typed { get; private set; }

    /// <summary>Whether adding and removing will do without another proof.</summary>
    public bool IsFresh { get; private set; }

    public bool OffersMore => guard.IsOpen && Passkeys.Count < PasskeyBook.MostPasskeys;

    /// <summary>Where to give it.</summary>
    public string ProofAddress { get; private set; } = string.Empty;

    public async Task<IActionResult> OnGetAsync(string? done)
    {
        if (await browser.ReadAsync(HttpContext, HttpContext.RequestAborted) is not { } session)
        {
            return SignIn();
        }

        Done = Array.Find(DoneWords, word => string.Equals(word, done, StringComparison.Ordinal));
        return await ShowAsync(session);
    }

    /// <summary>For the script: what to make a passkey of.</summary>
    public async Task<IActionResult> OnPostOptionsAsync() =>
        await FindFreshSessionAsync() is { } session && guard.IsOpen
            ? await desk.BeginAsync(HttpContext, session)
            : StatusCode(StatusCodes.Status403Forbidden);

    public async Task<IActionResult> OnPostAddAsync(string? ticket, string? credential)
    {
        if (await FindFreshSessionAsync() is not { } session)
        {
            return await ProveFirstAsync();
        }

        if (await desk.TryAddAsync(HttpContext, session, ticket, credential))
        {
            return Finished("added");
        }

        Notice = "Passkeys.NotAdded";
        await ShowAsync(session);
        return Mend();
    }

    public async Task<IActionResult> OnPostRenameAsync(string? passkey, string? name)
    {
        if (await browser.ReadAsync(HttpContext, HttpContext.RequestAborted) is not { } session)
        {
            return SignIn();
        }

        if (PasskeyNames.TryParse(name) is not { } wanted)
        {
            (_renamed, Typed) = (passkey, name);
            await ShowAsync(session);
            return Mend();
        }

        return TryParse(passkey) is { } id && await book.TryRenameAsync(session.Subject, id, wanted, HttpContext.RequestAborted)
            ? Finished("renamed")
            : NoSuchPage();
    }

    public async Task<IActionResult> OnPostRemoveAsync(string? passkey)
    {
        if (await FindFreshSessionAsync() is not { } session)
        {
            return await ProveFirstAsync();
        }

        if (TryParse(passkey) is not { } id)
        {
            return NoSuchPage();
        }

        switch (await book.RemoveAsync(session.Subject, id, RemoteAddress, HttpContext.RequestAborted))
        {
            case PasskeyRemoval.Removed:
                return Finished("removed");
            case PasskeyRemoval.IsLast:
                Notice = "Passkeys.IsLast";
                await ShowAsync(session);
                return Mend();
            default:
                return NoSuchPage();
        }
    }

    private async Task<IActionResult> ShowAsync(Session session)
    {
        IsFresh = await guard.IsFreshAsync(session, HttpContext.RequestAborted);
        ProofAddress = await ProofAddressOfAsync(session);
        var passkeys = await book.ListAsync(session.Subject, HttpContext.RequestAborted);
        Passkeys =
        [
            .. passkeys.Select(passkey => new PasskeyLine(
                passkey.Id.ToString("N"),
                passkey.Name,
                times.Ago(passkey.CreatedAt),
                passkey.LastUsedAt is { } used ? times.Ago(used) : null,
                passkey.IsBackedUp,
                string.Equals(passkey.Id.ToString("N"), _renamed, StringComparison.Ordinal))),
        ];
        SecurityHeaders.ForPage(HttpContext, script: true, fetches: true);
        return Page();
    }

    private async Task<Session?> FindFreshSessionAsync() =>
        await browser.ReadAsync(HttpContext, HttpContext.RequestAborted) is { } session && await guard.IsFreshAsync(session, HttpContext.RequestAborted)
            ? session
            : null;

    private IActionResult SignIn() => SeeOther($"~{EndpointPaths.SignIn}?{PageParameters.ReturnUrl}={EndpointPaths.Passkeys}");

    private async Task<IActionResult> ProveFirstAsync() =>
        await browser.ReadAsync(HttpContext, HttpContext.RequestAborted) is { } session ? SeeOther(await ProofAddressOfAsync(session)) : SignIn();

    private Task<string> ProofAddressOfAsync(Session session) =>
        guard.AddressForAsync(session, Url.Content("~" + EndpointPaths.Passkeys), HttpContext.RequestAborted);

    private IActionResult Finished(string what) => SeeOther($"~{EndpointPaths.Passkeys}?{PageParameters.Done}={what}");

    private static Guid? TryParse(string? id) =>
        Guid.TryParseExact(id, "N", out var parsed) ? parsed : null;
}

/// <summary>One passkey as its person sees it.</summary>
/// <param name="Id">For forms.</param>
/// <param name="Name">What they call it.</param>
/// <param name="Created">When, in words.</param>
/// <param name="LastUsed">Null when it was never used to sign in.</param>
/// <param name="IsBackedUp">Whether other devices of the person have it, too.</param>
/// <param name="IsRenamed">Whether the name that was typed for it will not do.</param>
internal sealed record PasskeyLine(string Id, string Name, string Created, string? LastUsed, bool IsBackedUp, bool IsRenamed);
