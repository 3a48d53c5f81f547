using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace IdentityProvider.Server;

/// <summary>
/// Text that may hold what a stranger sent, made fit for one line of a log: control and bidirectional characters are written as
/// escapes, and what is longer than 1,000 characters is cut. The work is done only when the line is written.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LogText(string Value)
{
    private const int MaxLength = 1000;

    public override string ToString()
    {
        var text = Value.Length <= MaxLength ? Value : Value[..MaxLength];
        StringBuilder? cleaned = null;
        for (var i = 0; i < text.Length; i++)
        {
            var unfit = char.IsControl(text[i])
                || char.GetUnicodeCategory(text[i]) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            if (unfit)
            {
                (cleaned ??= new StringBuilder(text, 0, i, text.Length + 16)).Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:X4}");
            }
            else
            {
                cleaned?.Append(text[i]);
            }
        }

        var line = cleaned?.ToString() ?? text;
        return Value.Length <= MaxLength ? line : line + "… (cut)";
    }
}
