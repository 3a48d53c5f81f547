using System.Text.RegularExpressions;

namespace IdentityProvider.Server.Theming;

/// <summary>
/// The look of the pages: section <c>IdentityProvider:Theme</c>. An accent and a logo are enough; what is not written is derived from
/// what is. What the pages call the service stands in <c>IdentityProvider:Pages:service_name</c>.
/// </summary>
internal sealed partial class ThemeOptions
{
    /// <summary><c>logo_file</c>: shown above every page in place of the mark and the name; SVG, PNG, JPEG or WebP of at most 512 KiB. Relative to the data folder.</summary>
    public string? LogoFile { get; set; }

    /// <summary><c>dark_logo_file</c>: the logo on dark ground. Default is <c>logo_file</c>.</summary>
    public string? DarkLogoFile { get; set; }

    /// <summary><c>logo_with_name</c>: whether the service's name stands beside the logo. Default false: most logos hold the name.</summary>
    public bool LogoWithName { get; set; }

    /// <summary><c>icon_file</c>: the icon of the browser's tab; SVG or PNG. Default is our mark in the colour of the accent.</summary>
    public string? IconFile { get; set; }

    /// <summary><c>font_family</c>: names of fonts on people's devices, the first that is there is taken. Default is the device's own.</summary>
    public IReadOnlyList<string> FontFamily { get; set; } = [];

    /// <summary><c>font_file</c>: a font that we serve, WOFF2 of at most 512 KiB; of all weights when it is the only one. Relative to the data folder.</summary>
    public string? FontFile { get; set; }

    /// <summary><c>bold_font_file</c>: the same font in bold; needs <c>font_file</c>.</summary>
    public string? BoldFontFile { get; set; }

    /// <summary><c>corner_radius</c>: of cards, in pixels, 0 to 32; buttons and fields take two fifths of it. Default 20.</summary>
    public int CornerRadius { get; set; } = 20;

    /// <summary><c>color_scheme</c>: light and dark as the browser prefers, or always one of them. Default <c>auto</c>.</summary>
    public ThemeScheme ColorScheme { get; set; }

    /// <summary><c>light</c>: colours on light ground.</summary>
    public ThemeColors Light { get; set; } = new();

    /// <summary><c>dark</c>: colours on dark ground; without an accent, that of <c>light</c> is made lighter until it can be read.</summary>
    public ThemeColors Dark { get; set; } = new();

    /// <summary>
    /// <c>allow_low_contrast</c>: whether texts may have a contrast below 4.5:1 and borders of fields below 3:1 (WCAG 2.2 §1.4.3, §1.4.11).
    /// Default false: such colours hinder the start.
    /// </summary>
    public bool AllowLowContrast { get; set; }

    /// <summary>Every problem, one line each; empty when all is well.</summary>
    public IEnumerable<string> Validate() =>
    [
        .. FontFamily.Any(name => !FontName().IsMatch(name)) ? ["Theme:font_family must have names of letters, digits, spaces and dashes."] : (string[])[],
        .. CornerRadius is < 0 or > 32 ? ["Theme:corner_radius must be 0 to 32."] : (string[])[],
        .. BoldFontFile is not null && FontFile is null ? ["Theme:bold_font_file needs font_file."] : (string[])[],
        .. ThemeFiles.Read(this).Problems,
        .. ColorProblems(),
    ];

    private IEnumerable<string> ColorProblems()
    {
        var malformed = Light.Malformed().Select(name => $"Theme:light:{name}")
            .Concat(Dark.Malformed().Select(name => $"Theme:dark:{name}"))
            .Select(path => path + " must be a colour such as #3b4cca.")
            .ToList();
        if (malformed.Count > 0 || AllowLowContrast)
        {
            return malformed;
        }

        return [.. Palette.Light(this).LowContrasts().Select(text => $"Theme:light {text}"), .. Palette.Dark(this).LowContrasts().Select(text => $"Theme:dark {text}")];
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9 -]{0,60}\z", RegexOptions.None, 1000)]
    private static partial Regex FontName();
}

/// <summary>Which of the two sets of colours people see.</summary>
internal enum ThemeScheme
{
    Auto,
    Light,
    Dark,
}
