using System.Globalization;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Languages;
using IdentityProvider.Server.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>A person's own page: where the pages of the account begin, and the language is chosen.</summary>
internal sealed class AccountPage(BrowserSession browser, People people, LanguageDesk languages, AccountNavigation navigation)
    : AccountSection(browser, EndpointPaths.Account, "password", "language")
{
    public Person Person { get; private set; } = null!;

    /// <summary>Languages to choose from.</summary>
    public IReadOnlyList<CultureInfo> Languages => languages.All;

    /// <summary>The one that was chosen; null: as the browser prefers.</summary>
    public CultureInfo? Language => languages.ChosenIn(HttpContext);

    /// <summary>The other pages, by what they are about.</summary>
    public IEnumerable<IGrouping<string, AccountPlace>> Groups => navigation.All.Skip(1).GroupBy(place => place.Group, StringComparer.Ordinal);

    public async Task<IActionResult> OnGetAsync(string? done)
    {
        if (await EnterAsync(done) is not { } session)
        {
            return SignIn();
        }

        Person = await people.GetAsync(session.Subject, HttpContext.RequestAborted);
        return Page();
    }

    public async Task<IActionResult> OnPostLanguageAsync(string? language)
    {
        if (await EnterAsync() is not { } session)
        {
            return SignIn();
        }

        return await languages.TryChooseAsync(HttpContext, session.Subject, language) ? Finished("language") : NoSuchPage();
    }
}
