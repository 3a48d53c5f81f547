using System.Globalization;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Server.Languages;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// The language of a page: what the client asked for (<c>ui_locales</c>, OIDC Core §3.1.2.1), else what the person chose, else what the
/// browser prefers, else the default.
/// </summary>
internal sealed class PageLanguage(LanguageCatalog languages, LanguageCookie chosen, PendingAuthorizations pendings)
{
    /// <summary>Sets the language for the rest of the request.</summary>
    public void Use(HttpContext context)
    {
        var culture = languages.Choose(Wanted(context));
        CultureInfo.CurrentCulture = culture;
        CultureInfo.CurrentUICulture = culture;
        context.Response.Headers.ContentLanguage = culture.Name;
    }

    private IEnumerable<string> Wanted(HttpContext context)
    {
        var locales = pendings.Open(context.Request.Query[PageParameters.Flow])?[ParameterNames.UiLocales];
        foreach (var locale in locales?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            yield return locale;
        }

        if (chosen.Read(context) is { } choice)
        {
            yield return choice.Name;
        }

        var accepted = context.Request.GetTypedHeaders().AcceptLanguage;
        foreach (var language in accepted.Where(language => language.Quality is not 0).OrderByDescending(language => language.Quality ?? 1))
        {
            yield return language.Value.ToString();
        }
    }
}
