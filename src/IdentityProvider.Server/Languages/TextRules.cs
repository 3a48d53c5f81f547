using System.Text;
using System.Text.RegularExpressions;

namespace IdentityProvider.Server.Languages;

/// <summary>What makes a translation fit to stand in for the English text: the same places to fill in, and no markup but the same.</summary>
internal static partial class TextRules
{
    private const int MaxLength = 4000;

    /// <summary>What is wrong with a translation; null when it is fit.</summary>
    public static string? FindProblem(string english, string translation)
    {
        if (string.IsNullOrWhiteSpace(translation) || translation.Length > MaxLength)
        {
            return $"must have 1 to {MaxLength} characters";
        }

        if (translation.Any(character => char.IsControl(character) && character is not '\n' and not '\r'))
        {
            return "must not hold control characters";
        }

        if (!PlacesOf(english).SequenceEqual(PlacesOf(translation), StringComparer.Ordinal) || !IsFormat(translation))
        {
            return $"must have the places {Listed(PlacesOf(english))}, as the English text has";
        }

        // Some texts are written to pages as they stand; whoever may write a text must not thereby be able to write markup.
        return TagsOf(english).SequenceEqual(TagsOf(translation), StringComparer.Ordinal)
            ? null
            : $"must have the markup {Listed(TagsOf(english))} and no other, as the English text has";
    }

    private static string Listed(IEnumerable<string> items) => string.Join(' ', items) is { Length: > 0 } list ? list : "(none)";

    private static bool IsFormat(string text)
    {
        try
        {
            return !PlacesOf(text).Any() || CompositeFormat.Parse(text).MinimumArgumentCount > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static IEnumerable<string> PlacesOf(string text) =>
        Place().Matches(text).Select(match => match.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static IEnumerable<string> TagsOf(string text) => Tag().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{\d+[^{}]*\}", RegexOptions.None, 1000)]
    private static partial Regex Place();

    [GeneratedRegex("<[^>]*>?", RegexOptions.None, 1000)]
    private static partial Regex Tag();
}
