using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Browser;

[Collection(SharedBrowser.Name)]
public sealed class AccessibilityTests(BrowserFixture fixture)
{
    /// <summary>What can be reached by the tab key, in its order, as the page gives it.</summary>
    private const string Focusable =
        "Array.from(document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary'))"
        + ".filter(element => element.getClientRects().length > 0 && element.checkVisibility() && !element.disabled)";

    /// <summary>A mail in a frame has links of its own, which the page does not count.</summary>
    private const string InFrame = "document.activeElement instanceof HTMLIFrameElement";

    private const int MostInFrame = 5;

    public static TheoryData<ColorScheme, int, string> Views => new()
    {
        { ColorScheme.Light, 1280, "en" },
        { ColorScheme.Light, 390, "de" },
        { ColorScheme.Dark, 1280, "de" },
        { ColorScheme.Dark, 390, "en" },
        { ColorScheme.Light, 320, "en" },
    };

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Every_page_is_fit_for_everybody(ColorScheme colors, int width, string locale)
    {
        await using var visitor = await fixture.NewVisitorAsync(colors, width, locale: locale);
        await new PageTour(fixture, visitor, name => AssertFitAsync(visitor, name, locale)).WalkAsync();

        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Every_page_can_be_used_by_keyboard_alone()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await new PageTour(fixture, visitor, name => AssertByKeyboardAsync(visitor, name)).WalkAsync();
    }

    [Fact]
    public async Task Every_page_holds_in_forced_colours_and_without_motion()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await visitor.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ForcedColors = ForcedColors.Active, ReducedMotion = ReducedMotion.Reduce });
        await new PageTour(fixture, visitor, async name =>
        {
            var bare = await visitor.Page.EvaluateAsync<string[]>(
                "Array.from(document.querySelectorAll('.button, .field input, .card')).filter(element => parseFloat(getComputedStyle(element).borderTopWidth) < 1).map(element => element.outerHTML)");
            var moving = await visitor.Page.EvaluateAsync<int>("document.getAnimations().length");
            Assert.Equal([], bare.Select(element => name + ": no border: " + element));
            Assert.Equal(0, moving);
        }).WalkAsync();
    }

    private static async Task AssertByKeyboardAsync(Visitor visitor, string name)
    {
        var count = await visitor.Page.EvaluateAsync<int>(Focusable + ".length");
        await visitor.Page.EvaluateAsync("document.activeElement?.blur(); window.getSelection()?.removeAllRanges()");
        await visitor.Page.EvaluateAsync("document.body.setAttribute('tabindex', '-1'); document.body.focus(); document.body.removeAttribute('tabindex')");
        for (var i = 0; i < count; i++)
        {
            await visitor.Page.Keyboard.PressAsync("Tab");
            for (var within = 0; within < MostInFrame && await visitor.Page.EvaluateAsync<bool>(InFrame); within++)
            {
                await visitor.Page.Keyboard.PressAsync("Tab");
            }

            var (reached, visible) = (
                await visitor.Page.EvaluateAsync<int>(Focusable + ".indexOf(document.activeElement)"),
                await visitor.Page.EvaluateAsync<bool>("parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2"));
            Assert.Equal((name, i, true), (name, reached, visible));
        }
    }

    private static async Task AssertFitAsync(Visitor visitor, string name, string locale)
    {
        var where = $"{name} at {visitor.Page.ViewportSize!.Width}: ";

        // The mail in its frame: no script runs there, so that axe would wait for an answer for ever.
        await visitor.Page.EvaluateAsync("document.querySelectorAll('iframe.mail-html').forEach(frame => frame.remove())");
        var result = await visitor.Page.RunAxe();
        Assert.Equal(
            [],
            result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{where}{violation.Id}: {node.Html}")));
        Assert.True(
            await visitor.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
            where + "wider than the window");
        Assert.Equal(1, await visitor.Page.Locator("h1").CountAsync());
        Assert.Equal(locale, await visitor.Page.GetAttributeAsync("html", "lang"));
    }
}
