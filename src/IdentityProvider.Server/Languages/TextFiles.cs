using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Server.Languages;

/// <summary>
/// Texts that an operator put beside the program: <c>PageTexts.fr.json</c>, an object of texts by key, or <c>PageTexts.fr.resx</c>. A text
/// of a language that is part of the program replaces it. Broken files are problems; keys that nobody knows are only noted, for an
/// update of the program may drop a text.
/// </summary>
internal sealed class TextFiles
{
    private const long MaxFileSize = 1 << 20;

    private static readonly JsonDocumentOptions JsonRules = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = 2,
    };

    private readonly Dictionary<(string Set, string Language), Dictionary<string, string>> _texts = [];
    private readonly List<string> _problems = [];
    private readonly List<string> _notes = [];

    /// <summary>What is wrong, each with the name of its file.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>What is odd but does no harm.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public IEnumerable<string> Languages => _texts.Keys.Select(key => key.Language).Distinct(StringComparer.Ordinal);

    /// <param name="folder">Absolute; need not exist.</param>
    public static TextFiles Read(string folder)
    {
        var files = new TextFiles();
        if (Directory.Exists(folder))
        {
            foreach (var path in Directory.EnumerateFiles(folder).Where(IsTextFile).Order(StringComparer.Ordinal))
            {
                files.Add(path);
            }
        }

        return files;
    }

    public IReadOnlyDictionary<string, string>? Find(string set, string language) => _texts.GetValueOrDefault((set, language));

    private static bool IsTextFile(string path) => Path.GetExtension(path) is ".json" or ".resx";

    private void Add(string path)
    {
        var name = Path.GetFileName(path);
        var parts = name.Split('.');
        var set = TextSet.All.FirstOrDefault(set => string.Equals(set.Name, parts[0], StringComparison.Ordinal));
        if (parts.Length != 3 || set is null || LanguageOf(parts[1]) is not { } language)
        {
            var sets = string.Join(" or ", TextSet.All.Select(known => known.Name).Order(StringComparer.Ordinal));
            _problems.Add($"has {name}, which must be called by its texts and a language, such as {sets}, then .fr.json or .fr.resx.");
            return;
        }

        if (ReadTexts(path) is not { } texts)
        {
            _problems.Add($"has {name}, which cannot be read as texts by key, or says one twice.");
            return;
        }

        Check(name, set, language, texts);
        _texts[(set.Name, language)] = texts;
    }

    private void Check(string name, TextSet set, string language, Dictionary<string, string> texts)
    {
        var english = set.In(TextSet.English);
        foreach (var (key, text) in texts)
        {
            if (!english.TryGetValue(key, out var original))
            {
                var hint = NearestMatch.Find(key, english.Keys) is { } nearest ? $"; did you mean {nearest}?" : ".";
                _notes.Add($"{name}: there is no text {key}{hint}");
            }
            else if (TextRules.FindProblem(original, text) is { } problem)
            {
                _problems.Add($"has {name}, where {key} {problem}.");
            }
        }

        // A file for a region is a supplement to its language.
        var shipped = set.In(language);
        var missing = english.Keys.Count(key => !texts.ContainsKey(key) && !shipped.ContainsKey(key));
        if (missing > 0 && !language.Contains('-', StringComparison.Ordinal))
        {
            _notes.Add($"{name}: {missing} of {english.Count} texts are missing and stay English.");
        }
    }

    /// <summary>The tag as .NET writes it; null when there is no such language.</summary>
    private static string? LanguageOf(string tag)
    {
        try
        {
            return CultureInfo.GetCultureInfo(tag, predefinedOnly: true) is { Name.Length: > 0 } culture ? culture.Name : null;
        }
        catch (CultureNotFoundException)
        {
            return null;
        }
    }

    private static Dictionary<string, string>? ReadTexts(string path)
    {
        try
        {
            return new FileInfo(path).Length > MaxFileSize ? null : Path.GetExtension(path) is ".json" ? ReadJson(path) : ReadResx(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or XmlException or ArgumentException)
        {
            return null;
        }
    }

    private static Dictionary<string, string>? ReadJson(string path) =>
        JsonNode.Parse(File.ReadAllText(path), documentOptions: JsonRules) is JsonObject members
        && members.All(member => member.Value?.GetValueKind() == JsonValueKind.String)
            ? members.ToDictionary(member => member.Key, member => member.Value!.GetValue<string>(), StringComparer.Ordinal)
            : null;

    private static Dictionary<string, string> ReadResx(string path)
    {
        using var reader = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        return XDocument.Load(reader).Descendants("data").ToDictionary(
            data => data.Attribute("name")?.Value ?? string.Empty,
            data => data.Element("value")?.Value ?? string.Empty,
            StringComparer.Ordinal);
    }
}
