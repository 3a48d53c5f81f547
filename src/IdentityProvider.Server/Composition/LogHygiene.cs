using System.Globalization;
using System.Text;
using Serilog.Core;
using Serilog.Events;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// Keeps what strangers send from forging lines: in every text of an event, control, format and direction characters are written as
/// escapes, and long values are cut. It works on values, so no line that forgets <see cref="LogText"/> is unsafe.
/// </summary>
internal sealed class LogHygiene : ILogEventEnricher
{
    /// <summary>Longer values of one property are cut, in characters.</summary>
    public const int MaxLength = 2000;

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        List<LogEventProperty>? cleaned = null;
        foreach (var (name, value) in logEvent.Properties)
        {
            var clean = Clean(value);
            if (!ReferenceEquals(clean, value))
            {
                (cleaned ??= []).Add(new LogEventProperty(name, clean));
            }
        }

        foreach (var property in cleaned ?? [])
        {
            logEvent.AddOrUpdateProperty(property);
        }
    }

    /// <summary>One line of at most <paramref name="maxLength"/> characters, escapes not counted; the same object when nothing had to be done.</summary>
    public static string OneLine(string text, int maxLength = MaxLength)
    {
        var cut = text.Length > maxLength;
        var first = IndexOfUnfit(text.AsSpan(0, cut ? maxLength : text.Length));
        if (first < 0 && !cut)
        {
            return text;
        }

        var line = new StringBuilder(text.Length + 16);
        foreach (var c in text.AsSpan(0, cut ? maxLength : text.Length))
        {
            if (IsUnfit(c))
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                line.Append(c);
            }
        }

        return cut ? line.Append(CultureInfo.InvariantCulture, $"... ({text.Length} characters)").ToString() : line.ToString();
    }

    private static LogEventPropertyValue Clean(LogEventPropertyValue value) => value switch
    {
        ScalarValue { Value: string text } => OneLine(text) is var clean && ReferenceEquals(clean, text) ? value : new ScalarValue(clean),
        ScalarValue { Value: null or ValueType or Type } => value,
        ScalarValue { Value: { } other } => new ScalarValue(OneLine(Convert.ToString(other, CultureInfo.InvariantCulture) ?? string.Empty)),
        SequenceValue sequence => new SequenceValue(sequence.Elements.Select(Clean)),
        StructureValue structure => new StructureValue(
            structure.Properties.Select(property => new LogEventProperty(property.Name, Clean(property.Value))), structure.TypeTag),
        DictionaryValue dictionary => new DictionaryValue(
            dictionary.Elements.Select(pair => KeyValuePair.Create((ScalarValue)Clean(pair.Key), Clean(pair.Value)))),
        _ => value,
    };

    private static int IndexOfUnfit(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (IsUnfit(text[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsUnfit(char c) =>
        c < ' '
        || (c > '~' && char.GetUnicodeCategory(c) is UnicodeCategory.Control
            or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator);
}
