using System.Globalization;
using System.Runtime.InteropServices;

namespace IdentityProvider.Server.Theming;

/// <summary>
/// A colour of sRGB without transparency. Settings become numbers here and are written from numbers again: nothing that an operator typed
/// reaches the style sheet as text.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Color(byte Red, byte Green, byte Blue)
{
    public static Color White { get; } = new(255, 255, 255);

    public static Color Black { get; } = new(0, 0, 0);

    /// <summary>WCAG 2.2, relative luminance: 0 for black, 1 for white.</summary>
    public double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    /// <summary><c>#rgb</c> or <c>#rrggbb</c>; null for anything else.</summary>
    public static Color? TryParse(string text)
    {
        if (text is not ['#', ..] || text.Length is not (4 or 7) || !text.Skip(1).All(char.IsAsciiHexDigit))
        {
            return null;
        }

        var digits = text.Length is 7 ? text[1..] : string.Concat(text.Skip(1).Select(digit => new string(digit, 2)));
        return new Color(Part(digits[..2]), Part(digits[2..4]), Part(digits[4..]));
    }

    /// <exception cref="FormatException">The text is no colour.</exception>
    public static Color Parse(string text) => TryParse(text) ?? throw new FormatException($"{text} is no colour");

    /// <summary>WCAG 2.2, contrast ratio: 1 to 21.</summary>
    public double ContrastTo(Color other)
    {
        var (one, two) = (Luminance, other.Luminance);
        return (Math.Max(one, two) + 0.05) / (Math.Min(one, two) + 0.05);
    }

    /// <param name="other">What is mixed in.</param>
    /// <param name="share">Its share, 0 to 1.</param>
    public Color Mix(Color other, double share) =>
        new(Mixed(Red, other.Red, share), Mixed(Green, other.Green, share), Mixed(Blue, other.Blue, share));

    /// <summary>This colour, mixed with black or white in steps until it can be read on all the others.</summary>
    public Color Towards(Color end, double contrast, params ReadOnlySpan<Color> grounds)
    {
        for (var step = 0; step < 20; step++)
        {
            var mixed = Mix(end, step / 20.0);
            var lowest = double.MaxValue;
            foreach (var ground in grounds)
            {
                lowest = Math.Min(lowest, mixed.ContrastTo(ground));
            }

            if (lowest >= contrast)
            {
                return mixed;
            }
        }

        return end;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{Red:x2}{Green:x2}{Blue:x2}");

    private static byte Part(string hex) => byte.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static byte Mixed(byte one, byte other, double share) => (byte)Math.Round(one + ((other - one) * share));

    private static double Linear(byte part)
    {
        var value = part / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
