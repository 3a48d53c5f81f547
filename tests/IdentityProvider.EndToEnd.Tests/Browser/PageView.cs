using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>A way to look at a page.</summary>
/// <param name="Colors">The scheme that the person prefers.</param>
/// <param name="Width">Of the window, in CSS pixels; 320 is 1280 at 400 % (WCAG 1.4.10).</param>
/// <param name="Locale">The language of the walk on which it is looked at so.</param>
/// <param name="Rules">Of axe; none: all.</param>
internal sealed record PageView(ColorScheme Colors, int Width, string Locale, params string[] Rules)
{
    private const int Height = 860;

    /// <summary>
    /// What other colours can change. All rules are run once in the wide layout and once in the narrow one; they ask for names, roles and
    /// structure, which are the same in the dark, and a window that is still narrower can only add something to be scrolled.
    /// </summary>
    private static readonly string[] ColorRules = ["color-contrast", "link-in-text-block"];

    /// <summary>The first of a language is the one in which the pages are opened.</summary>
    public static IReadOnlyList<PageView> All { get; } =
    [
        new(ColorScheme.Light, 1280, "en"),
        new(ColorScheme.Dark, 390, "en", ColorRules),
        new(ColorScheme.Light, 320, "en", [.. ColorRules, "scrollable-region-focusable"]),
        new(ColorScheme.Light, 390, "de"),
        new(ColorScheme.Dark, 1280, "de", ColorRules),
    ];

    public string Name => NameOf(Colors, Width);

    public static string NameOf(ColorScheme colors, int width) => $"{colors}, {width}";

    /// <summary>Turns the page so, and waits until it is.</summary>
    public async Task ShowAsync(IPage page)
    {
        await page.SetViewportSizeAsync(Width, Height);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = Colors });
        await page.WaitForFunctionAsync(
            "([width, isDark]) => innerWidth === width && matchMedia('(prefers-color-scheme: dark)').matches === isDark",
            new object[] { Width, Colors is ColorScheme.Dark });
    }
}
