using System.Text.Json;
using System.Text.RegularExpressions;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Theming;

public sealed partial class ThemedPagesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idp-theme-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_theme_is_served_from_here_under_names_of_its_content()
    {
        var logo = Path.Combine(_folder.FullName, "logo.svg");
        var font = Path.Combine(_folder.FullName, "font.woff2");
        await File.WriteAllTextAsync(logo, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"8\"/>");
        await File.WriteAllTextAsync(font, "wOF2 and so on");
        using var server = ServerFixture.With($$"""
            {
              "Pages": { "service_name": "Northwind <b>" },
              "Theme": { "logo_file": {{JsonSerializer.Serialize(logo)}}, "font_file": {{JsonSerializer.Serialize(font)}}, "light": { "accent": "#d40000" } }
            }
            """);
        using var browser = server.NewBrowser();
        await browser.GoAsync("/signin");

        var picture = browser.Page.QuerySelector("img.brand-logo")!;
        Assert.Equal("Northwind <b>", picture.GetAttribute("alt"));
        Assert.Empty(browser.Page.QuerySelectorAll("[style], style"));
        var shown = await server.GetAsync(picture.GetAttribute("src")!);
        Assert.Equal("image/svg+xml", shown.Header("Content-Type"));
        Assert.Equal("public, max-age=31536000, immutable", shown.Header("Cache-Control"));
        Assert.StartsWith("default-src 'none'", shown.Header("Content-Security-Policy"), StringComparison.Ordinal);

        var address = browser.Page.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!;
        var sheet = await server.GetAsync(address);
        Assert.Contains("--accent: #d40000;", sheet.Body, StringComparison.Ordinal);
        var fontAddress = new Uri(new Uri(new Uri(ServerFixture.Issuer), address), FontAddress().Match(sheet.Body).Groups["address"].Value);
        Assert.Equal("font/woff2", (await server.GetAsync(fontAddress.AbsolutePath)).Header("Content-Type"));
    }

    [Fact]
    public async Task Another_theme_has_another_address()
    {
        using var ours = new ServerFixture();
        using var red = ServerFixture.With("""{ "Theme": { "light": { "accent": "#d40000" } } }""");

        Assert.NotEqual(await StyleSheetAsync(ours), await StyleSheetAsync(red));
    }

    private static async Task<string> StyleSheetAsync(ServerFixture server)
    {
        using var browser = server.NewBrowser();
        await browser.GoAsync("/");
        return browser.Page.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!;
    }

    [GeneratedRegex("url\\(\"(?<address>\\.\\./theme/[0-9a-f]+\\.woff2)\"\\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FontAddress();
}
