using System.Globalization;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Languages;
using IdentityProvider.Server.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>A person's own page: where they are signed in, which applications have access, and how to end both.</summary>
internal sealed class AccountPage(
    BrowserSession browser, SessionDesk sessions, ConsentDesk consents, People people, TimeTexts times, LanguageDesk languages, UpstreamProviders providers)
    : HostedPage
{
    private static readonly string[] DoneWords = ["session", "sessions", "access", "password", "language"];

    public Person Person { get; private set; } = null!;

    public IReadOnlyList<SessionLine> Sessions { get; private set; } = [];

    public IReadOnlyList<ApplicationLine> Applications { get; private set; } = [];

    /// <summary>Languages to choose from.</summary>
    public IReadOnlyList<CultureInfo> Languages => languages.All;

    /// <summary>The one that was chosen; null: as the browser prefers.</summary>
    public CultureInfo? Language => languages.ChosenIn(HttpContext);

    /// <summary>Whether there is any provider to link.</summary>
    public bool HasProviders => providers.All.Count > 0;

    /// <summary>What was just done; null when nothing was.</summary>
    public string? Done { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? done)
    {
        if (await browser.ReadAsync(HttpContext, HttpContext.RequestAborted) is not { } session)
        {
            return SignIn();
        }

        Done = Array.Find(DoneWords, word => string.Equals(word, done, StringComparison.Ordinal));
        Person = await people.GetAsync(session.Subject, HttpContext.RequestAborted);
        Sessions = await sessions.ListAsync(session, HttpContext.RequestAborted);
        var given = await consents.ListAsync(session.Subject, HttpContext.RequestAborted);
        Applications = [.. given.OrderByDescending(consent => consent.UpdatedAt).Select(LineOf)];
        return Page();
    }

    public async Task<IActionResult> OnPostEndSessionAsync(string? session)
    {
        if (await browser.ReadAsync(HttpContext, HttpContext.RequestAborted) is not { } present)
        {
            return SignIn();
        }

        return await sessions.TryEndAsync(present, session, RemoteAddress, HttpContext.RequestAborted) ? Finished("session") : NoSuchPage();
    }

    public async Task<IActionResult> OnPostEndOthersAsync()
    {
        if (await browser.ReadAsync(HttpContext, HttpContext.RequestAborted) is not { } present)
        {
            return SignIn();
        }

        await sessions.EndOthersAsync(present, RemoteAddress, HttpContext.RequestAborted);
        return Finished("sessions");
    }

    public async Task<IActionResult> OnPostWithdrawAsync(string? client)
    {
        if (await browser.ReadAsync(HttpContext, HttpContext.RequestAborted) is not { } present)
        {
            return SignIn();
        }

        var given = await consents.ListAsync(present.Subject, HttpContext.RequestAborted);
        if (given.FirstOrDefault(consent => string.Equals(consent.ClientId, client, StringComparison.Ordinal)) is not { } consent)
        {
            return NoSuchPage();
        }

        await consents.WithdrawAsync(present, consent.ClientId, RemoteAddress, HttpContext.RequestAborted);
        return Finished("access");
    }

    public async Task<IActionResult> OnPostLanguageAsync(string? language)
    {
        if (await browser.ReadAsync(HttpContext, HttpContext.RequestAborted) is not { } present)
        {
            return SignIn();
        }

        return await languages.TryChooseAsync(HttpContext, present.Subject, language) ? Finished("language") : NoSuchPage();
    }

    private IActionResult SignIn() => SeeOther($"~{EndpointPaths.SignIn}?{PageParameters.ReturnUrl}={EndpointPaths.Account}");

    private IActionResult Finished(string what) => SeeOther($"~{EndpointPaths.Account}?{PageParameters.Done}={what}");

    private ApplicationLine LineOf(Consent consent)
    {
        var client = consents.Catalog.FindClient(consent.ClientId);
        var tile = client is null
            ? new ClientTile(consent.ClientId, ClientTile.InitialsOf(consent.ClientId), Logo: null, Host: null)
            : ClientTile.Of(client, consents.Issuer);
        var scopes = string.Join(" · ", consents.TextsOf(consent.Scope).Select(scope => scope.Title));
        return new ApplicationLine(consent.ClientId, tile, scopes, times.Ago(consent.CreatedAt));
    }
}

/// <summary>One application with access.</summary>
internal sealed record ApplicationLine(string ClientId, ClientTile Tile, string Scopes, string Since);
