using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace IdentityProvider.Protocol.Jose;

/// <summary>
/// JSON from strangers. Everything two parsers could read in two ways is refused: a byte order mark, invalid UTF-8, a member name given
/// twice at any level (RFC 7515 §4, RFC 7519 §4), half a surrogate pair, U+0000, comments, trailing commas, deep nesting.
/// </summary>
public static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>Parses one JSON object. On refusal <paramref name="reason"/> is a fixed sentence for our log.</summary>
    public static bool TryParseObject(ReadOnlySpan<byte> utf8, out JsonElement element, [NotNullWhen(false)] out string? reason)
    {
        element = default;
        reason = FindProblem(utf8);
        if (reason is not null)
        {
            return false;
        }

        try
        {
            element = JsonElement.Parse(utf8, Options);
        }
        catch (JsonException)
        {
            reason = "not well-formed JSON, a member given twice, or nested deeper than 16 levels";
            return false;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            reason = "not a JSON object";
            return false;
        }

        return true;
    }

    private static string? FindProblem(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "empty";
        }

        if (utf8.StartsWith("\uFEFF"u8))
        {
            return "starts with a byte order mark";
        }

        if (!Utf8.IsValid(utf8))
        {
            return "not UTF-8";
        }

        return FindBadEscape(utf8);
    }

    // A backslash is only legal inside a string, so the text can be scanned before it is parsed; what is not JSON fails afterwards.
    private static string? FindBadEscape(ReadOnlySpan<byte> utf8)
    {
        var rest = utf8;
        while (true)
        {
            var backslash = rest.IndexOf((byte)'\\');
            if (backslash < 0 || backslash + 1 >= rest.Length)
            {
                return null;
            }

            rest = rest[backslash..];
            if (!TryReadUnicodeEscape(rest, out var unit))
            {
                rest = rest[2..];
                continue;
            }

            rest = rest[6..];
            if (unit == 0)
            {
                return "a string holds U+0000";
            }

            if (char.IsSurrogate((char)unit))
            {
                if (!char.IsHighSurrogate((char)unit) || !TryReadUnicodeEscape(rest, out var low) || !char.IsLowSurrogate((char)low))
                {
                    return "a string holds half a surrogate pair";
                }

                rest = rest[6..];
            }
        }
    }

    private static bool TryReadUnicodeEscape(ReadOnlySpan<byte> text, out ushort unit)
    {
        unit = 0;
        return text.Length >= 6 && text[0] == (byte)'\\' && text[1] == (byte)'u'
            && ushort.TryParse(text[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out unit);
    }
}
