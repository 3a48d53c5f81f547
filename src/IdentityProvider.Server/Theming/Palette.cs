using System.Globalization;
using System.Text;

namespace IdentityProvider.Server.Theming;

/// <summary>Every colour of one scheme, by the name of its token: what was written, what follows from the accent, else ours.</summary>
internal sealed class Palette
{
    private const double ReadableText = 4.5;
    private const double VisibleBorder = 3;

    /// <summary>Token, on light ground, on dark ground.</summary>
    private static readonly (string Token, string Light, string Dark)[] Ours =
    [
        ("ground", "#f3f4f8", "#10121a"),
        ("surface", "#ffffff", "#191c27"),
        ("surface-sunk", "#f6f7fb", "#212533"),
        ("text", "#171a26", "#eef0f7"),
        ("text-soft", "#565d73", "#a9b0c6"),
        ("line", "#e0e3ec", "#2e3343"),
        ("line-strong", "#868da3", "#7a8199"),
        ("accent", "#3b4cca", "#a5b1ff"),
        ("accent-strong", "#2d3ba6", "#c1c9ff"),
        ("accent-soft", "#eceefc", "#262c4d"),
        ("on-accent", "#ffffff", "#12163a"),
        ("link", "#3b4cca", "#a5b1ff"),
        ("link-strong", "#2d3ba6", "#c1c9ff"),
        ("danger", "#b3261e", "#ffb4ab"),
        ("danger-soft", "#fdeeed", "#3a1f20"),
        ("danger-line", "#f0b8b4", "#7a3b39"),
        ("good", "#146c43", "#86d9ac"),
        ("good-soft", "#e8f5ee", "#17301f"),
        ("good-line", "#a9d8be", "#2f6647"),
        ("warn", "#7a4a00", "#f2c879"),
        ("warn-soft", "#fff4e0", "#33270f"),
        ("warn-line", "#ecc98a", "#6e5420"),
    ];

    /// <summary>What is written on what: text, ground.</summary>
    private static readonly (string Text, string Ground)[] Pairs =
    [
        ("text", "ground"), ("text", "surface"), ("text", "surface-sunk"),
        ("text-soft", "ground"), ("text-soft", "surface"), ("text-soft", "surface-sunk"),
        ("on-accent", "accent"), ("on-accent", "accent-strong"),
        ("link", "ground"), ("link", "surface"), ("link", "accent-soft"),
        ("link-strong", "surface"), ("link-strong", "accent-soft"),
        ("danger", "surface"), ("danger", "danger-soft"),
        ("good", "good-soft"), ("warn", "warn-soft"),
    ];

    private readonly Dictionary<string, Color> _colors = new(StringComparer.Ordinal);

    private Palette()
    {
    }

    public Color this[string token] => _colors[token];

    public static Palette Light(ThemeOptions options)
    {
        var palette = Start(options.Light, dark: false);
        if (options.Light.Accent is { } accent)
        {
            palette.Derive(Color.Parse(accent), Color.Black, softness: 0.1, options.Light.Written());
        }

        return palette;
    }

    public static Palette Dark(ThemeOptions options)
    {
        var palette = Start(options.Dark, dark: true);
        if (options.Dark.Accent is { } own)
        {
            palette.Derive(Color.Parse(own), Color.White, softness: 0.2, options.Dark.Written());
        }
        else if (options.Light.Accent is { } accent)
        {
            // The same hue, light enough to stand out from the dark.
            var lighter = Color.Parse(accent).Towards(Color.White, 6, palette["surface"], palette["ground"]);
            palette.Derive(lighter, Color.White, softness: 0.2, options.Dark.Written());
        }

        return palette;
    }

    /// <summary>What cannot be read well enough, in words.</summary>
    public IEnumerable<string> LowContrasts()
    {
        var texts = Pairs.Select(pair => (pair.Text, pair.Ground, Least: ReadableText)).Append(("line-strong", "surface", VisibleBorder));
        foreach (var (text, ground, least) in texts)
        {
            var contrast = this[text].ContrastTo(this[ground]);
            if (contrast < least)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"has {Name(text)} {this[text]} on {Name(ground)} {this[ground]} with a contrast of {Math.Floor(contrast * 100) / 100:0.00}:1; it must be {least}:1.");
            }
        }
    }

    /// <summary>As declarations of custom properties.</summary>
    public void Write(StringBuilder sheet)
    {
        foreach (var (token, _, _) in Ours)
        {
            sheet.Append(CultureInfo.InvariantCulture, $"  --{token}: {this[token]};\n");
        }
    }

    private static Palette Start(ThemeColors colors, bool dark)
    {
        var palette = new Palette();
        var written = colors.Written();
        foreach (var (token, onLight, onDark) in Ours)
        {
            palette._colors[token] = Color.Parse(written[token] ?? (dark ? onDark : onLight));
        }

        return palette;
    }

    /// <param name="accent">The accent.</param>
    /// <param name="end">Black on light ground, white on dark.</param>
    /// <param name="softness">Share of the accent in its softest form.</param>
    /// <param name="written">What is not derived.</param>
    private void Derive(Color accent, Color end, double softness, IReadOnlyDictionary<string, string?> written)
    {
        _colors["accent"] = accent;
        Set("on-accent", accent.ContrastTo(Color.White) >= ReadableText ? Color.White : Color.Black);
        Set("accent-strong", accent.Mix(this["on-accent"].Luminance > 0.5 ? Color.Black : Color.White, 0.2));
        Set("accent-soft", this["surface"].Mix(accent, softness));
        Set("link", accent.Towards(end, ReadableText, this["surface"], this["ground"], this["accent-soft"]));
        Set("link-strong", this["link"].Mix(end, 0.25));

        void Set(string token, Color color)
        {
            if (written[token] is null)
            {
                _colors[token] = color;
            }
        }
    }

    private static string Name(string token) => token.Replace('-', '_');
}
