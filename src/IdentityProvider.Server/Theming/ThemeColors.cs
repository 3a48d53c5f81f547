namespace IdentityProvider.Server.Theming;

/// <summary>Colours as <c>#rrggbb</c> or <c>#rgb</c>; each that is not written is ours, or derived from the accent.</summary>
internal sealed class ThemeColors
{
    /// <summary>Buttons, and what else should be seen first.</summary>
    public string? Accent { get; set; }

    /// <summary>Text on the accent. Default white or black, whichever is easier to read.</summary>
    public string? OnAccent { get; set; }

    /// <summary>The accent under the pointer.</summary>
    public string? AccentStrong { get; set; }

    /// <summary>A breath of the accent: behind initials and under the pointer.</summary>
    public string? AccentSoft { get; set; }

    /// <summary>Links and the ring around what has the focus. Default is the accent, made darker or lighter until it can be read.</summary>
    public string? Link { get; set; }

    /// <summary>Links under the pointer.</summary>
    public string? LinkStrong { get; set; }

    /// <summary>Behind everything.</summary>
    public string? Ground { get; set; }

    /// <summary>Cards and fields.</summary>
    public string? Surface { get; set; }

    /// <summary>Notices and quiet buttons under the pointer.</summary>
    public string? SurfaceSunk { get; set; }

    /// <summary>Text.</summary>
    public string? Text { get; set; }

    /// <summary>Text of less weight.</summary>
    public string? TextSoft { get; set; }

    /// <summary>Lines that only part.</summary>
    public string? Line { get; set; }

    /// <summary>Borders of fields and quiet buttons.</summary>
    public string? LineStrong { get; set; }

    /// <summary>Errors.</summary>
    public string? Danger { get; set; }

    /// <summary>Behind errors.</summary>
    public string? DangerSoft { get; set; }

    /// <summary>Around errors.</summary>
    public string? DangerLine { get; set; }

    /// <summary>What went well.</summary>
    public string? Good { get; set; }

    /// <summary>Behind what went well.</summary>
    public string? GoodSoft { get; set; }

    /// <summary>Around what went well.</summary>
    public string? GoodLine { get; set; }

    /// <summary>Warnings.</summary>
    public string? Warn { get; set; }

    /// <summary>Behind warnings.</summary>
    public string? WarnSoft { get; set; }

    /// <summary>Around warnings.</summary>
    public string? WarnLine { get; set; }

    /// <summary>What was written, by the name of its token in the style sheet, such as <c>accent-strong</c>; null for what was not.</summary>
    public IReadOnlyDictionary<string, string?> Written() => typeof(ThemeColors).GetProperties()
        .ToDictionary(property => TokenOf(property.Name), property => (string?)property.GetValue(this), StringComparer.Ordinal);

    /// <summary>Members that are no colours, by their names in the settings.</summary>
    public IEnumerable<string> Malformed() => Written()
        .Where(token => token.Value is not null && Color.TryParse(token.Value) is null)
        .Select(token => token.Key.Replace('-', '_'));

    private static string TokenOf(string property) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(property);
}
