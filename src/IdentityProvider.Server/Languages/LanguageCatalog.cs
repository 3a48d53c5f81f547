using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Languages;

/// <summary>
/// The languages there are and every text in each of them: what an operator put in, else what is part of the program, else the same for
/// the language without its region, else English. Made once, at start.
/// </summary>
internal sealed class LanguageCatalog
{
    private readonly Dictionary<(string Set, string Language), FrozenDictionary<string, string>> _texts = [];

    public LanguageCatalog(LanguagesOptions options)
    {
        var files = TextFiles.Read(options.Folder);
        Notes = files.Notes;
        var names = TextSet.All.SelectMany(set => set.Languages).Concat(files.Languages).Distinct(StringComparer.Ordinal);
        All = [.. names.Order(StringComparer.Ordinal).Select(CultureInfo.GetCultureInfo)];
        Default = All.First(language => string.Equals(language.Name, options.DefaultLanguage, StringComparison.Ordinal));
        foreach (var language in All)
        {
            foreach (var set in TextSet.All)
            {
                _texts.Add((set.Name, language.Name), Merge(set, language.Name, files));
            }
        }
    }

    /// <summary>Every language, by its tag.</summary>
    public IReadOnlyList<CultureInfo> All { get; }

    public CultureInfo Default { get; }

    /// <summary>What the operator should know of their files.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The lookup of RFC 4647 §3.4: the whole tag first, then without its last part, for each wish in turn; else the default.</summary>
    public CultureInfo Choose(IEnumerable<string?> wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        return wanted.Select(FindBest).FirstOrDefault(found => found is not null) ?? Default;
    }

    /// <summary>The language of this tag, or of the tag without its last parts; null when there is none.</summary>
    public CultureInfo? FindBest(string? wanted)
    {
        for (var tag = wanted ?? string.Empty; tag.Length > 0; tag = tag[..Math.Max(0, tag.LastIndexOf('-'))])
        {
            if (Find(tag) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The language of exactly this tag, or null.</summary>
    public CultureInfo? Find(string? tag) =>
        All.FirstOrDefault(culture => string.Equals(culture.Name, tag, StringComparison.OrdinalIgnoreCase));

    /// <summary>Texts of a marker class by key, in a language that may be any: one we lack is answered in the default one.</summary>
    public FrozenDictionary<string, string> TextsOf(string set, CultureInfo language) =>
        _texts.GetValueOrDefault((set, language.Name)) ?? _texts[(set, Choose([language.Name]).Name)];

    /// <summary>The texts of <typeparamref name="TTexts"/> in one language, whatever that of the request is: for mail.</summary>
    public IStringLocalizer LocalizerOf<TTexts>(CultureInfo language) => new TextLocalizer(this, typeof(TTexts).Name, language);

    private static FrozenDictionary<string, string> Merge(TextSet set, string language, TextFiles files)
    {
        var merged = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in (IEnumerable<string>)[TextSet.English, .. TagsUpTo(language)])
        {
            foreach (var texts in new[] { set.In(tag), files.Find(set.Name, tag) }.OfType<IReadOnlyDictionary<string, string>>())
            {
                foreach (var (key, text) in texts)
                {
                    merged[key] = text;
                }
            }
        }

        return merged.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>From the widest to the whole tag: <c>zh</c>, <c>zh-Hant</c>, <c>zh-Hant-TW</c>.</summary>
    private static IEnumerable<string> TagsUpTo(string language)
    {
        var parts = language.Split('-');
        return Enumerable.Range(1, parts.Length).Select(count => string.Join('-', parts[..count]));
    }
}
