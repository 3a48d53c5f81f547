using System.Globalization;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Claims;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Sessions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Languages;

/// <summary>
/// The language that the person of this browser chose, for pages before and after signing in without a look at the account. Signing in sets
/// it to what the account says. It is a language tag and opens nothing; what is not a language of ours is as good as none.
/// </summary>
internal sealed class LanguageCookie(LanguageCatalog languages, IOptions<ProtocolOptions> options)
{
    private static readonly HostCookie Cookie = new("idp-language");
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    public CultureInfo? Read(HttpContext context) => languages.Find(Cookie.Read(context, IsSecure(context)));

    /// <summary>Whoever signs in brings their language along; without a choice of theirs, that of the one before goes.</summary>
    public void Set(HttpContext context, Account account) => Set(context, AccountLocale.Of(account));

    /// <param name="context">The request to answer.</param>
    /// <param name="locale">Null: as the browser prefers.</param>
    public void Set(HttpContext context, string? locale)
    {
        if (locale is not null && languages.FindBest(locale) is { } language)
        {
            Cookie.Write(context, IsSecure(context), language.Name, Lifetime);
        }
        else if (Cookie.Read(context, IsSecure(context)) is not null)
        {
            Cookie.Delete(context, IsSecure(context));
        }
    }

    private bool IsSecure(HttpContext context) => HostCookie.IsSecure(context, options.Value.Issuer);
}
