using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>The system's Chromium, quiet.</summary>
internal static class Chromium
{
    /// <summary>How long anything may take that must happen, in milliseconds: a busy machine is no fault.</summary>
    private const float Patience = 120_000;

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = "/usr/bin/chromium",
        Args =
        [
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync",
        ],
    });

    /// <summary>A browser of its own, without cookies, and a page in it.</summary>
    public static async Task<IPage> NewPageAsync(this IBrowser browser, BrowserNewContextOptions options)
    {
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout(Patience);
        context.SetDefaultNavigationTimeout(Patience);
        return await context.NewPageAsync();
    }
}
