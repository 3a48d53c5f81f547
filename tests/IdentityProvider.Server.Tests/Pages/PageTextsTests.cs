using System.Text.RegularExpressions;
using System.Xml.Linq;
using IdentityProvider.Server.Languages;
using IdentityProvider.Server.Tests.Documentation;

namespace IdentityProvider.Server.Tests.Pages;

public sealed partial class PageTextsTests
{
    /// <summary>Keys that are put together while the server runs.</summary>
    private static readonly string[] Composed =
    [
        "Scope.", "Account.Done.", "Account.Section.", "Account.SectionText.", "Account.Group.", "History.", "History.By.", "Profile.Claim.", "Profile.Hint.",
        "Profile.Problem.", "Closed.", "Device.Done.", "SecondFactors.Done.", "Passkeys.Done.", "SignInEnded.", "Linked.Done.",
    ];

    private static readonly string Source = Path.Combine(Repository.Root, "src", "IdentityProvider.Server");

    public static TheoryData<string> Translations => new(
        Directory.EnumerateFiles(Path.Combine(Source, "Resources"), "*.*.resx").Select(path => Path.GetFileName(path)));

    [Fact]
    public void Every_text_that_pages_use_is_there_and_every_text_is_used()
    {
        var there = TextsOf("PageTexts.resx").Keys.ToHashSet(StringComparer.Ordinal);
        var areas = there.Select(key => key[..key.IndexOf('.', StringComparison.Ordinal)]).ToHashSet(StringComparer.Ordinal);
        string[] folders = [Path.Combine(Source, "Pages"), Path.Combine(Source, "SignIn")];
        var used = folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs*", SearchOption.AllDirectories))
            .SelectMany(file => Key().Matches(File.ReadAllText(file)))
            .Where(match => areas.Contains(match.Groups["area"].Value))
            .Select(match => match.Groups["key"].Value)
            .ToHashSet(StringComparer.Ordinal);

        Assert.Equal([], used.Except(there).Except(Composed));
        Assert.Equal([], there.Except(used).Where(key => !Array.Exists(Composed, start => key.StartsWith(start, StringComparison.Ordinal))));
    }

    [Theory]
    [MemberData(nameof(Translations))]
    public void Every_translation_is_complete_and_fits_the_English_texts(string file)
    {
        var english = TextsOf(file[..file.IndexOf('.', StringComparison.Ordinal)] + ".resx");
        var texts = TextsOf(file);
        var unfit = texts.Where(text => english.ContainsKey(text.Key))
            .Select(text => (text.Key, Problem: TextRules.FindProblem(english[text.Key], text.Value)))
            .Where(text => text.Problem is not null);

        Assert.Equal([], english.Keys.Except(texts.Keys));
        Assert.Equal([], texts.Keys.Except(english.Keys));
        Assert.Equal([], unfit);
    }

    [Fact]
    public void There_is_German_for_every_set_of_texts()
    {
        Assert.NotEmpty(TextSet.All);
        Assert.Equal([], TextSet.All.Where(set => !set.Languages.Contains("de")).Select(set => set.Name));
    }

    [Fact]
    public void No_page_holds_words_of_its_own()
    {
        var words = Directory.EnumerateFiles(Path.Combine(Source, "Pages"), "*.cshtml", SearchOption.AllDirectories)
            .SelectMany(file => WordsOf(File.ReadAllText(file)).Select(word => $"{Path.GetFileName(file)}: {word}"));

        Assert.Equal([], words);
    }

    [Theory]
    [InlineData("<p>Hello @Model.Name</p>", "Hello")]
    [InlineData("<p>@T[\"A.B\"]</p><input placeholder=\"Your name\">", "Your name")]
    [InlineData("@if (x)\n{\n  <p class=\"soft\">@T[\"A.B\"]</p>\n}", null)]
    public void Words_in_a_page_are_found(string markup, string? word) =>
        Assert.Equal(word is null ? [] : [word], WordsOf(markup).Select(found => found.Trim()));

    private static Dictionary<string, string> TextsOf(string file) =>
        XDocument.Load(Path.Combine(Source, "Resources", file)).Descendants("data").ToDictionary(
            data => data.Attribute("name")!.Value, data => data.Element("value")!.Value, StringComparer.Ordinal);

    /// <summary>Letters between a tag's end and the next tag, and attributes that are read out; what Razor puts in begins with an at sign.</summary>
    private static IEnumerable<string> WordsOf(string markup)
    {
        var inText = Text().Matches(WithoutCode(markup)).Select(match => match.Groups["text"].Value);
        var inAttributes = Spoken().Matches(markup).Select(match => match.Groups["text"].Value);
        return inText.Concat(inAttributes).Where(text => text.Any(char.IsLetter));
    }

    /// <summary>Without Razor expressions and statements: what is left between tags would be shown as it stands.</summary>
    private static string WithoutCode(string markup)
    {
        var withoutExpressions = Expression().Replace(markup, string.Empty);
        return Statement().Replace(withoutExpressions, string.Empty);
    }

    [GeneratedRegex("\"(?<key>(?<area>[A-Z][A-Za-z]*)\\.[A-Za-z._]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();

    [GeneratedRegex("""(?:(?<=</?[a-z][a-z0-9]*(?:\s[^<>]*)?)>)(?<text>[^<>@{}]+)(?=<|@|$)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Text();

    [GeneratedRegex("""\b(?:placeholder|title|alt|aria-label|aria-description)="(?<text>[^"@][^"]*)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Spoken();

    /// <summary><c>@(...)</c> with one level of brackets, <c>@name.Of[...]</c>, <c>@T[...]</c>.</summary>
    [GeneratedRegex("""@\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|@[A-Za-z_][\w.]*(?:\[[^\]]*\]|\([^()]*\))*""", RegexOptions.None, 1000)]
    private static partial Regex Expression();

    [GeneratedRegex("""^\s*(?:else\b.*|\(.*\)|\{|\}|in .*)$""", RegexOptions.Multiline, 1000)]
    private static partial Regex Statement();
}
