using System.Net;

namespace IdentityProvider.EndToEnd.Tests.Browser;

[Collection(SharedBrowser.Name)]
public sealed class HostileSiteTests(BrowserFixture fixture)
{
    [Theory]
    [InlineData("/signin")]
    [InlineData("/account")]
    [InlineData("/signout")]
    [InlineData("/register")]
    [InlineData("/nothing")]
    [Case(284)]
    public async Task Our_pages_are_shown_in_nobodys_frame(string path)
    {
        await using var visitor = await fixture.NewVisitorAsync();
        fixture.Client.Page = $"<!DOCTYPE html><title>x</title><iframe id=f src='{fixture.Issuer}{path}'></iframe>";

        await visitor.GoAsync(fixture.Client.Origin + "/page");

        await visitor.HearComplaintAsync("frame-ancestors");
        Assert.DoesNotContain(visitor.Page.Frames, frame => frame.Url.StartsWith(fixture.Issuer, StringComparison.Ordinal));
    }

    [Fact]
    [Case(26)]
    [Case(244)]
    public async Task A_form_on_another_site_signs_nobody_out()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await visitor.PassAsync(fixture.AuthorizeAddress("own"), "bob");
        fixture.Client.Page =
            $"<!DOCTYPE html><title>x</title><form method=post action='{fixture.Issuer}/signout'><button name=decision value=signout>Win</button></form>";
        await visitor.GoAsync(fixture.Client.Origin + "/page");

        await visitor.Page.FollowAsync("button");
        var heading = await visitor.HeadingAsync();
        await visitor.GoAsync("/account");

        Assert.Equal("This form was not sent from here", heading);
        Assert.Equal("/account", visitor.Path);
    }

    [Fact]
    [Case(26)]
    public async Task A_stolen_token_on_another_site_allows_nothing()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await visitor.GoAsync(fixture.AuthorizeAddress("second-shop", "&prompt=consent"));
        await visitor.SignInAsync("bob");
        var inputs = await visitor.Page.EvalOnSelectorAsync<string>(
            "#consent", "form => [...form.querySelectorAll('input')].map(input => input.outerHTML).join('')");
        fixture.Client.Page =
            $"<!DOCTYPE html><title>x</title><form method=post action='{WebUtility.HtmlEncode(visitor.Page.Url)}'>{inputs}<button name=decision value=allow>Win</button></form>";
        var count = fixture.Client.Responses.Count;
        await visitor.GoAsync(fixture.Client.Origin + "/page");

        await visitor.Page.FollowAsync("button");

        Assert.Equal("This form was not sent from here", await visitor.HeadingAsync());
        Assert.Equal(count, fixture.Client.Responses.Count);
    }

    [Fact]
    [Case(364)]
    public async Task Names_full_of_markup_are_text_on_every_page()
    {
        await using var visitor = await fixture.NewVisitorAsync(width: 390);
        await visitor.GoAsync(fixture.AuthorizeAddress("hostile", "&login_hint=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E"));
        Assert.Contains("<img src=x", await visitor.Page.InnerTextAsync(".client"), StringComparison.Ordinal);
        await AssertNothingOverflowsAsync(visitor);
        await visitor.SignInAsync("carol");
        await AssertNothingOverflowsAsync(visitor);
        await visitor.AllowAsync();
        await visitor.ArriveAsync();

        await visitor.GoAsync("/account");
        await AssertNothingOverflowsAsync(visitor);
        await visitor.GoAsync(fixture.AuthorizeAddress("hostile", "&prompt=select_account"));
        await AssertNothingOverflowsAsync(visitor);

        Assert.Contains("<script>alert(1)</script>", await visitor.Page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    [Case(427)]
    public async Task A_cookie_set_for_the_whole_domain_is_not_taken_for_ours()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await visitor.PassAsync(fixture.AuthorizeAddress("own"), "alice");
        var cookie = (await visitor.Page.Context.CookiesAsync()).Single(cookie => cookie.Name is "__Host-idp-session");
        await using var other = await fixture.NewVisitorAsync();
        await other.GoAsync("/signed-out");

        // Without Secure, and for a path: a browser refuses both for this name.
        await other.Page.EvaluateAsync("value => { document.cookie = `__Host-idp-session=${value}; path=/`; document.cookie = `__Host-idp-session=${value}; path=/account; secure`; }", cookie.Value);
        await other.GoAsync("/account");

        Assert.Equal("/signin", other.Path);
    }

    private static async Task AssertNothingOverflowsAsync(Visitor visitor) =>
        Assert.True(
            await visitor.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
            visitor.Path + " is wider than the window");
}
