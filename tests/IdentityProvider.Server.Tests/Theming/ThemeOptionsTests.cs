using IdentityProvider.Server.Theming;

namespace IdentityProvider.Server.Tests.Theming;

public sealed class ThemeOptionsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idp-theme-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Our_own_colours_can_be_read() => Assert.Empty(new ThemeOptions().Validate());

    [Theory]
    [InlineData("#ffcc00")]
    [InlineData("#000")]
    [InlineData("#ffffff")]
    [InlineData("#d40000")]
    [InlineData("#777777")]
    [InlineData("#00b894")]
    public void Every_accent_gives_colours_that_can_be_read(string accent)
    {
        var options = new ThemeOptions { Light = { Accent = accent } };

        Assert.Empty(options.Validate());
        Assert.Contains($"--accent: {Color.Parse(accent)};", new Theme(options).Tokens(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_not_derived()
    {
        var options = new ThemeOptions { Light = { Accent = "#ffcc00", OnAccent = "#221100" }, Dark = { Accent = "#ffee88" } };
        var palette = Palette.Light(options);

        Assert.Empty(options.Validate());
        Assert.Equal(("#ffcc00", "#221100"), (palette["accent"].ToString(), palette["on-accent"].ToString()));
        Assert.Equal("#ffee88", Palette.Dark(options)["accent"].ToString());
    }

    [Fact]
    public void Text_that_cannot_be_read_hinders_the_start_unless_that_is_wanted()
    {
        var options = new ThemeOptions { Light = { TextSoft = "#999" } };

        Assert.Contains("Theme:light has text_soft #999999 on surface #ffffff with a contrast of 2.84:1; it must be 4.5:1.", options.Validate());

        options.AllowLowContrast = true;
        Assert.Empty(options.Validate());
    }

    [Theory]
    [InlineData("red")]
    [InlineData("#12345")]
    [InlineData("#ggg")]
    [InlineData("#fff;}body{background:url(https://evil.example)}")]
    [InlineData("#fff\n")]
    [InlineData("rgb(0 0 0)")]
    [InlineData("url(javascript:alert(1))")]
    [InlineData("")]
    public void A_colour_is_digits_and_nothing_else(string text)
    {
        var options = new ThemeOptions { Dark = { AccentStrong = text } };

        Assert.Equal(["Theme:dark:accent_strong must be a colour such as #3b4cca."], options.Validate());
    }

    [Theory]
    [InlineData("Inter\"; } body { display: none }")]
    [InlineData("a\\22")]
    [InlineData("url(x)")]
    [InlineData("Inter, serif")]
    [InlineData("Inter\n")]
    [InlineData("")]
    public void A_font_is_named_by_letters(string name) =>
        Assert.Equal(["Theme:font_family must have names of letters, digits, spaces and dashes."], new ThemeOptions { FontFamily = [name] }.Validate());

    [Fact]
    public void Fonts_and_corners_reach_the_style_sheet()
    {
        var sheet = new Theme(new ThemeOptions { FontFamily = ["Source Sans 3", "serif"], CornerRadius = 0, ColorScheme = ThemeScheme.Light }).Tokens();

        Assert.Contains("--font: \"Source Sans 3\", serif, system-ui", sheet, StringComparison.Ordinal);
        Assert.Contains("--radius-l: 0px;", sheet, StringComparison.Ordinal);
        Assert.Contains("color-scheme: light;", sheet, StringComparison.Ordinal);
        Assert.DoesNotContain("prefers-color-scheme", sheet, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(33)]
    public void Corners_have_limits(int radius) =>
        Assert.Equal(["Theme:corner_radius must be 0 to 32."], new ThemeOptions { CornerRadius = radius }.Validate());

    [Fact]
    public void A_bold_font_needs_the_other_one() => Assert.Equal(
        ["Theme:bold_font_file needs font_file."], new ThemeOptions { BoldFontFile = Write("bold.woff2", "wOF2....") }.Validate());

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<g onload=\"alert(1)\"/>")]
    [InlineData("<a href=\"#x\"><g/></a>")]
    [InlineData("<use href=\"https://evil.example/x.svg#a\"/>")]
    [InlineData("<use xmlns:x=\"http://www.w3.org/1999/xlink\" x:href=\"data:image/svg+xml,x\"/>")]
    [InlineData("<foreignObject><div xmlns=\"http://www.w3.org/1999/xhtml\"/></foreignObject>")]
    [InlineData("<body xmlns=\"http://www.w3.org/1999/xhtml\"/>")]
    [InlineData("<style>@import 'https://evil.example/x.css';</style>")]
    [InlineData("<rect fill=\"url( 'https://evil.example/p' )\"/>")]
    [InlineData("<rect style=\"fill:u\\72l(https://evil.example)\"/>")]
    [InlineData("<image href=\"#a\"/>")]
    [InlineData("<set attributeName=\"href\" to=\"javascript:alert(1)\"/>")]
    public void A_logo_cannot_bring_anything_along(string content)
    {
        var options = new ThemeOptions { LogoFile = Write("logo.svg", $"<svg xmlns=\"http://www.w3.org/2000/svg\">{content}</svg>") };

        Assert.Equal(["Theme:logo_file is not what its name says, or an SVG with scripts or addresses in it."], options.Validate());
    }

    [Theory]
    [InlineData("logo.svg", "<!DOCTYPE svg [<!ENTITY a SYSTEM \"file:///etc/hostname\">]><svg xmlns=\"http://www.w3.org/2000/svg\">&a;</svg>")]
    [InlineData("logo.svg", "<?xml-stylesheet href=\"https://evil.example/x.css\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>")]
    [InlineData("logo.svg", "<html xmlns=\"http://www.w3.org/1999/xhtml\"/>")]
    [InlineData("logo.svg", "not XML")]
    [InlineData("logo.png", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")]
    [InlineData("logo.webp", "RIFF....WAVE....")]
    [InlineData("logo.jpg", "GIF89a")]
    public void A_logo_is_what_its_name_says(string name, string content) => Assert.Equal(
        ["Theme:logo_file is not what its name says, or an SVG with scripts or addresses in it."],
        new ThemeOptions { LogoFile = Write(name, content) }.Validate());

    [Theory]
    [InlineData("<linearGradient id=\"a\"/><rect fill=\"url(#a)\" style=\"stroke:url('#a')\"/><use href=\"#b\"/><style>.a{fill:#fff}</style><title>T</title>")]
    public void A_harmless_logo_is_taken(string content) => Assert.Empty(
        new ThemeOptions { LogoFile = Write("logo.svg", $"<svg xmlns=\"http://www.w3.org/2000/svg\">{content}</svg>") }.Validate());

    [Fact]
    public void Files_that_are_missing_or_too_large_or_of_another_kind_are_told()
    {
        var options = new ThemeOptions
        {
            LogoFile = Path.Combine(_folder.FullName, "none.png"),
            DarkLogoFile = Write("large.png", new string('x', 600_000)),
            IconFile = Write("icon.ico", "x"),
            FontFile = Write("font.woff2", "OTTO"),
        };

        Assert.Collection(
            options.Validate(),
            problem => Assert.StartsWith("Theme:logo_file cannot be read:", problem, StringComparison.Ordinal),
            problem => Assert.Equal("Theme:dark_logo_file is larger than 512 KiB.", problem),
            problem => Assert.Equal("Theme:icon_file must end with .svg or .png.", problem),
            problem => Assert.StartsWith("Theme:font_file is not what its name says", problem, StringComparison.Ordinal));
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }
}
