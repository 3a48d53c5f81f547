using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>What the walks past all pages found: each is made once, by whichever test asks first.</summary>
[Collection(SharedBrowser.Name)]
public sealed class AccessibilityTests(BrowserFixture fixture)
{
    public static TheoryData<ColorScheme, int, string> Views
    {
        get
        {
            var views = new TheoryData<ColorScheme, int, string>();
            foreach (var view in PageView.All)
            {
                views.Add(view.Colors, view.Width, view.Locale);
            }

            return views;
        }
    }

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Every_page_is_fit_for_everybody(ColorScheme colors, int width, string locale)
    {
        var walk = await fixture.WalkAsync(locale);

        Assert.Equal([], walk.ProblemsOf(PageView.NameOf(colors, width)));
        Assert.Empty(walk.Complaints);
    }

    [Fact]
    public async Task Every_page_can_be_used_by_keyboard_alone() =>
        Assert.Equal([], (await fixture.WalkAsync(PageWalk.Thorough)).ProblemsOf(PageWalk.Keyboard));

    [Fact]
    public async Task Every_page_holds_in_forced_colours_and_without_motion() =>
        Assert.Equal([], (await fixture.WalkAsync(PageWalk.Thorough)).ProblemsOf(PageWalk.ForcedColors));
}
