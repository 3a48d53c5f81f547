namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>What the walk past all pages saw of forms, and whether it saw everything there is.</summary>
[Collection(SharedBrowser.Name)]
public sealed class PageFormTests(BrowserFixture fixture)
{
    [Fact]
    public async Task Every_form_can_be_filled_in_for_the_person_and_no_page_is_left_out()
    {
        var walk = await fixture.WalkAsync(PageWalk.Thorough);

        Assert.Equal([], walk.ProblemsOf(PageWalk.Forms));
        var missing = string.Join('\n', PageInventory.Written().Except(walk.Seen, StringComparer.Ordinal));
        Assert.True(missing.Length == 0, "never seen:\n" + missing);
    }
}
