using System.Text;
using IdentityProvider.EndToEnd.Tests.Processes;
using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>
/// Pictures of every stop of the <see cref="PageTour"/>, in both colour schemes, wide and on a telephone. They and the page that shows them are
/// made when <c>IDP_SCREENSHOTS</c> is 1, or names views; else it is only looked whether they are there.
/// </summary>
[Collection(SharedBrowser.Name)]
public sealed class ScreenshotTests(BrowserFixture fixture)
{
    /// <summary>Of a list that grows from test to test the beginning is enough.</summary>
    private const int MaxHeight = 2000;

    private const long MaxSizeOfAll = 8 << 20;

    private static readonly string Docs = Path.Combine(Repository.Root, "docs");
    private static readonly string Folder = Path.Combine(Docs, "screens");

    private static readonly (string Name, ColorScheme Colors, int Width, int Height, string Locale)[] Views =
    [
        ("light", ColorScheme.Light, 1000, 640, "en"), ("dark", ColorScheme.Dark, 1000, 640, "en"), ("light-390", ColorScheme.Light, 390, 640, "en"),
        ("dark-390", ColorScheme.Dark, 390, 640, "en"), ("de-390", ColorScheme.Light, 390, 640, "de"),
    ];

    [Fact]
    public async Task Every_page_can_be_looked_at()
    {
        if (Environment.GetEnvironmentVariable("IDP_SCREENSHOTS") is { Length: > 0 } wanted)
        {
            await TakeAsync([.. Views.Where(view => wanted is "1" || wanted.Split(',').Contains(view.Name, StringComparer.Ordinal))]);
        }

        var pictures = new DirectoryInfo(Folder).GetFiles("*.webp");
        var page = await File.ReadAllTextAsync(Path.Combine(Docs, "screens.md"));
        Assert.InRange(pictures.Sum(picture => picture.Length), 1, MaxSizeOfAll);
        Assert.Equal([], pictures.Select(picture => picture.Name).Where(name => !page.Contains($"(screens/{name})", StringComparison.Ordinal)));
        Assert.Contains("screens.md", await File.ReadAllTextAsync(Path.Combine(Docs, "pages.md")), StringComparison.Ordinal);
    }

    private async Task TakeAsync((string Name, ColorScheme Colors, int Width, int Height, string Locale)[] views)
    {
        var stops = new List<string>();
        foreach (var view in views)
        {
            foreach (var old in Directory.EnumerateFiles(Folder, $"*.{view.Name}.webp"))
            {
                File.Delete(old);
            }

            stops.Clear();
            await using var visitor = await fixture.NewVisitorAsync(view.Colors, view.Width, view.Height, locale: view.Locale);
            await new PageTour(fixture, visitor, async stop =>
            {
                stops.Add(stop);
                await File.WriteAllBytesAsync(Path.Combine(Folder, $"{stop}.{view.Name}.webp"), await TakeAsync(visitor.Page));
            }).WalkAsync();
        }

        await File.WriteAllTextAsync(Path.Combine(Docs, "screens.md"), PageOf(stops));
    }

    /// <summary>The whole page as WebP, a quarter of the size of PNG; the driver itself offers it not.</summary>
    private static async Task<byte[]> TakeAsync(IPage page)
    {
        // Left attached until the page goes: with any session that is detached Chromium also drops the virtual authenticator of the page.
        var session = await page.Context.NewCDPSessionAsync(page);
        var height = await page.EvaluateAsync<int>("Math.max(document.documentElement.scrollHeight, window.innerHeight)");
        var answer = await session.SendAsync("Page.captureScreenshot", new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["format"] = "webp",
            ["quality"] = 30,
            ["captureBeyondViewport"] = true,
            ["clip"] = new { x = 0, y = 0, width = page.ViewportSize!.Width, height = Math.Min(height, MaxHeight), scale = 1 },
        });
        return answer!.Value.GetProperty("data").GetBytesFromBase64();
    }

    private static string PageOf(IEnumerable<string> stops)
    {
        var page = new StringBuilder(
            """
            # Every page, looked at

            *Made by a test; do not edit. After a change of pages: `IDP_SCREENSHOTS=1 dotnet test tests/IdentityProvider.EndToEnd.Tests --filter ScreenshotTests`.*

            Each in light and dark, wide and on a telephone (390 pixels), and in German. A new page is a new stop of `PageTour`.

            | page | pictures |
            | --- | --- |

            """);
        foreach (var stop in stops)
        {
            var links = Views.Select(view => $"[{view.Name}](screens/{stop}.{view.Name}.webp)");
            page.Append("| ").Append(stop).Append(" | ").AppendJoin(", ", links).Append(" |\n");
        }

        return page.ToString().ReplaceLineEndings("\n");
    }
}
