using System.Collections;
using System.Resources;

namespace IdentityProvider.Server.Languages;

/// <summary>
/// The texts of one marker class of <c>Resources</c>, such as <c>PageTexts</c>, in every language that is part of the program:
/// <c>PageTexts.resx</c> holds the English ones, <c>PageTexts.de.resx</c> the German. All are resources of the assembly itself and not of
/// satellites beside it, so they are there however the program is published.
/// </summary>
internal sealed class TextSet
{
    public const string English = "en";

    private const string Folder = "IdentityProvider.Server.Resources.";
    private const string Ending = ".resources";

    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _texts = new(StringComparer.Ordinal);

    private TextSet(string name) => Name = name;

    public static IReadOnlyList<TextSet> All { get; } = ReadAll();

    /// <summary>Of the marker class.</summary>
    public string Name { get; }

    public IEnumerable<string> Languages => _texts.Keys;

    /// <summary>Texts by key; empty when the language is not part of the program.</summary>
    public IReadOnlyDictionary<string, string> In(string language) =>
        _texts.GetValueOrDefault(language) ?? new Dictionary<string, string>(StringComparer.Ordinal);

    private static TextSet[] ReadAll()
    {
        var sets = new Dictionary<string, TextSet>(StringComparer.Ordinal);
        var names = typeof(TextSet).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal) && name.EndsWith(Ending, StringComparison.Ordinal));
        foreach (var name in names)
        {
            var parts = name[Folder.Length..^Ending.Length].Split('.');
            if (!sets.TryGetValue(parts[0], out var set))
            {
                sets.Add(parts[0], set = new TextSet(parts[0]));
            }

            using var reader = new ResourceReader(typeof(TextSet).Assembly.GetManifestResourceStream(name)!);
            set._texts[parts.Length == 1 ? English : parts[1]] = reader.Cast<DictionaryEntry>()
                .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!, StringComparer.Ordinal);
        }

        return [.. sets.Values];
    }
}
