namespace IdentityProvider.Server.Theming;

/// <summary>The files of a theme, read and checked at start.</summary>
internal sealed class ThemeFiles
{
    private const int MaxSize = 512 * 1024;

    private static readonly string[] Pictures = [".svg", ".png", ".jpg", ".jpeg", ".webp"];
    private static readonly string[] Icons = [".svg", ".png"];
    private static readonly string[] Fonts = [".woff2"];

    private readonly List<string> _problems = [];

    private ThemeFiles()
    {
    }

    public ThemeFile? Logo { get; private init; }

    public ThemeFile? DarkLogo { get; private init; }

    public ThemeFile? Icon { get; private init; }

    public ThemeFile? Font { get; private init; }

    public ThemeFile? BoldFont { get; private init; }

    public IReadOnlyList<string> Problems => _problems;

    public IEnumerable<ThemeFile> All => new[] { Logo, DarkLogo, Icon, Font, BoldFont }.OfType<ThemeFile>().DistinctBy(file => file.Path, StringComparer.Ordinal);

    public static ThemeFiles Read(ThemeOptions options)
    {
        var problems = new List<string>();
        var files = new ThemeFiles
        {
            Logo = ReadOne("logo_file", options.LogoFile, Pictures, problems),
            DarkLogo = ReadOne("dark_logo_file", options.DarkLogoFile, Pictures, problems),
            Icon = ReadOne("icon_file", options.IconFile, Icons, problems),
            Font = ReadOne("font_file", options.FontFile, Fonts, problems),
            BoldFont = ReadOne("bold_font_file", options.BoldFontFile, Fonts, problems),
        };
        files._problems.AddRange(problems);
        return files;
    }

    private static ThemeFile? ReadOne(string member, string? path, string[] extensions, List<string> problems)
    {
        if (path is null)
        {
            return null;
        }

        var extension = Path.GetExtension(path).ToLowerInvariant();
        if (!extensions.Contains(extension, StringComparer.Ordinal))
        {
            problems.Add($"Theme:{member} must end with {string.Join(" or ", extensions)}.");
            return null;
        }

        try
        {
            if (new FileInfo(path).Length > MaxSize)
            {
                problems.Add($"Theme:{member} is larger than {MaxSize / 1024} KiB.");
                return null;
            }

            var body = File.ReadAllBytes(path);
            if (TypeOf(extension, body) is { } contentType)
            {
                return new ThemeFile(extension, contentType, body);
            }

            problems.Add($"Theme:{member} is not what its name says, or an SVG with scripts or addresses in it.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add($"Theme:{member} cannot be read: {exception.Message}");
        }

        return null;
    }

    /// <summary>Null when the bytes are not of the kind that the name promises.</summary>
    private static string? TypeOf(string extension, ReadOnlySpan<byte> body) => extension switch
    {
        ".png" when body is [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        ".jpg" or ".jpeg" when body is [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        ".webp" when body.Length > 12 && body.StartsWith("RIFF"u8) && body[8..].StartsWith("WEBP"u8) => "image/webp",
        ".woff2" when body.StartsWith("wOF2"u8) => "font/woff2",
        ".svg" when SvgRules.IsHarmless(body) => "image/svg+xml",
        _ => null,
    };
}
