using System.Globalization;
using System.Text;

namespace IdentityProvider.Server.Theming;

/// <summary>The look of the pages as it is served: the tokens of the style sheet and the operator's files. Made once, at start.</summary>
internal sealed class Theme
{
    private const string OurFonts =
        "system-ui, -apple-system, \"Segoe UI\", Roboto, \"Helvetica Neue\", \"Liberation Sans\", Arial, sans-serif";

    /// <summary>Words of CSS that name no font in particular and must not stand in quotation marks.</summary>
    private static readonly string[] GenericFonts =
        ["system-ui", "sans-serif", "serif", "monospace", "ui-sans-serif", "ui-serif", "ui-rounded", "ui-monospace"];

    private readonly ThemeOptions _options;
    private readonly Palette _light;
    private readonly Palette _dark;

    public Theme(ThemeOptions options)
    {
        _options = options;
        Files = ThemeFiles.Read(options);
        (_light, _dark) = (Palette.Light(options), Palette.Dark(options));
    }

    public ThemeFiles Files { get; }

    public bool LogoWithName => _options.LogoWithName;

    public bool ShowsName => Files.Logo is null || LogoWithName;

    /// <summary>The other logo and when it is shown; null when one is for all.</summary>
    public (ThemeFile File, string Media)? DarkLogoSource => Files.DarkLogo is not { } dark ? null : _options.ColorScheme switch
    {
        ThemeScheme.Light => null,
        ThemeScheme.Dark => (dark, "all"),
        _ => (dark, "(prefers-color-scheme: dark)"),
    };

    /// <summary>Of the meta element and the property of this name.</summary>
    public string ColorScheme => _options.ColorScheme switch
    {
        ThemeScheme.Light => "light",
        ThemeScheme.Dark => "dark",
        _ => "light dark",
    };

    /// <summary>Behind everything, for the browser's own frame.</summary>
    public Color LightGround => First["ground"];

    public Color DarkGround => _options.ColorScheme is ThemeScheme.Auto ? _dark["ground"] : First["ground"];

    public Color Accent => First["accent"];

    public Color OnAccent => First["on-accent"];

    private Palette First => _options.ColorScheme is ThemeScheme.Dark ? _dark : _light;

    /// <summary>What comes before the style sheet's rules: fonts, and every token as a custom property.</summary>
    public string Tokens()
    {
        var sheet = new StringBuilder();
        WriteFonts(sheet);
        sheet.Append(CultureInfo.InvariantCulture, $":root {{\n  color-scheme: {ColorScheme};\n");
        sheet.Append(CultureInfo.InvariantCulture, $"  --font: {FontStack()};\n");
        sheet.Append(CultureInfo.InvariantCulture, $"  --radius-s: {_options.CornerRadius * 0.4:0.#}px;\n");
        sheet.Append(CultureInfo.InvariantCulture, $"  --radius-m: {_options.CornerRadius * 0.6:0.#}px;\n");
        sheet.Append(CultureInfo.InvariantCulture, $"  --radius-l: {_options.CornerRadius}px;\n");
        First.Write(sheet);
        sheet.Append(CultureInfo.InvariantCulture, $"  --shadow: {ShadowOf(First == _dark)};\n}}\n");
        if (_options.ColorScheme is ThemeScheme.Auto)
        {
            sheet.Append("@media (prefers-color-scheme: dark) {\n:root {\n");
            _dark.Write(sheet);
            sheet.Append(CultureInfo.InvariantCulture, $"  --shadow: {ShadowOf(dark: true)};\n}}\n}}\n");
        }

        return sheet.ToString();
    }

    private static string ShadowOf(bool dark) => dark
        ? "0 1px 2px rgb(0 0 0 / 40%), 0 16px 40px -16px rgb(0 0 0 / 60%)"
        : "0 1px 2px rgb(23 26 38 / 6%), 0 12px 32px -12px rgb(23 26 38 / 18%)";

    private string FontStack()
    {
        var own = Files.Font is null ? [] : (string[])["\"theme\""];
        var named = _options.FontFamily.Select(name => GenericFonts.Contains(name, StringComparer.Ordinal) ? name : $"\"{name}\"");
        return string.Join(", ", [.. own, .. named, OurFonts]);
    }

    /// <summary>Addresses are relative to the style sheet, so they hold under any path of the issuer.</summary>
    private void WriteFonts(StringBuilder sheet)
    {
        if (Files.Font is { } font)
        {
            Write(font, Files.BoldFont is null ? "100 900" : "100 500");
        }

        if (Files.BoldFont is { } bold)
        {
            Write(bold, "501 900");
        }

        void Write(ThemeFile file, string weights) => sheet.Append(
            CultureInfo.InvariantCulture,
            $"@font-face {{ font-family: \"theme\"; src: url(\"../{file.Path}\") format(\"woff2\"); font-weight: {weights}; font-display: swap; }}\n");
    }
}
