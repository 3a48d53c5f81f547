using System.Globalization;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Languages;

/// <summary>Texts of one marker class.</summary>
/// <param name="languages">Where they are.</param>
/// <param name="set">Name of the marker class.</param>
/// <param name="language">Null: that of the request.</param>
internal sealed class TextLocalizer(LanguageCatalog languages, string set, CultureInfo? language = null) : IStringLocalizer
{
    private CultureInfo Language => language ?? CultureInfo.CurrentUICulture;

    public LocalizedString this[string name] =>
        languages.TextsOf(set, Language).TryGetValue(name, out var text)
            ? new LocalizedString(name, text)
            : new LocalizedString(name, name, resourceNotFound: true);

    public LocalizedString this[string name, params object[] arguments]
    {
        get
        {
            var text = this[name];
            return new LocalizedString(name, string.Format(Language, text.Value, arguments), text.ResourceNotFound);
        }
    }

    public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) =>
        languages.TextsOf(set, Language).Select(pair => new LocalizedString(pair.Key, pair.Value));
}

/// <summary>Gives <c>IStringLocalizer&lt;T&gt;</c> and <c>IHtmlLocalizer&lt;T&gt;</c> our texts.</summary>
internal sealed class TextLocalizerFactory(LanguageCatalog languages) : IStringLocalizerFactory
{
    public IStringLocalizer Create(Type resourceSource) => new TextLocalizer(languages, resourceSource.Name);

    /// <summary>For views that have texts of their own beside them; ours have none.</summary>
    public IStringLocalizer Create(string baseName, string location) => throw new NotSupportedException($"{baseName} has no marker class.");
}
