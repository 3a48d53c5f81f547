using System.Globalization;
using IdentityProvider.Accounts.Claims;

namespace IdentityProvider.Server.Languages;

/// <summary>A person's language as they see and choose it.</summary>
internal sealed class LanguageDesk(LanguageCatalog languages, LanguageCookie cookie, AccountLocale accounts)
{
    public IReadOnlyList<CultureInfo> All => languages.All;

    /// <summary>The chosen one; null: as the browser prefers.</summary>
    public CultureInfo? ChosenIn(HttpContext context) => cookie.Read(context);

    /// <summary>Keeps the choice with the account, and in this browser.</summary>
    /// <param name="context">The request; its answer gets the cookie.</param>
    /// <param name="subject">Whose choice.</param>
    /// <param name="language">Tag of a language of ours; empty takes the choice back.</param>
    /// <returns>False when there is no such language, or the account was changed at the same time.</returns>
    public async Task<bool> TryChooseAsync(HttpContext context, string subject, string? language)
    {
        var choice = languages.Find(language)?.Name;
        if ((choice is null && !string.IsNullOrEmpty(language)) || !await accounts.TryChooseAsync(subject, choice))
        {
            return false;
        }

        cookie.Set(context, choice);
        return true;
    }
}
