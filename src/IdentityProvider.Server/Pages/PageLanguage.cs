using System.Globalization;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// The language of a page: what the client asked for (<c>ui_locales</c>, OIDC Core §3.1.2.1), else what the browser prefers, else English.
/// </summary>
internal sealed class PageLanguage(PendingAuthorizations pendings)
{
    /// <summary>Languages with a file of texts; the first is the default. Another <c>PageTexts.*.resx</c> is announced here.</summary>
    private static readonly CultureInfo[] Supported = [CultureInfo.GetCultureInfo("en")];

    /// <summary>Sets the language for the rest of the request.</summary>
    public void Use(HttpContext context)
    {
        var culture = Choose(Wanted(context));
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

        var accepted = context.Request.GetTypedHeaders().AcceptLanguage;
        foreach (var language in accepted.Where(language => language.Quality is not 0).OrderByDescending(language => language.Quality ?? 1))
        {
            yield return language.Value.ToString();
        }
    }

    /// <summary>The lookup of RFC 4647 §3.4: the whole tag first, then without its last part, for each wish in turn.</summary>
    private static CultureInfo Choose(IEnumerable<string> wanted)
    {
        foreach (var wish in wanted)
        {
            for (var tag = wish; tag.Length > 0; tag = tag[..Math.Max(0, tag.LastIndexOf('-'))])
            {
                if (Array.Find(Supported, culture => string.Equals(culture.Name, tag, StringComparison.OrdinalIgnoreCase)) is { } found)
                {
                    return found;
                }
            }
        }

        return Supported[0];
    }
}
