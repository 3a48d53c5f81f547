using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Browser;

[Collection(SharedBrowser.Name)]
public sealed class AccessibilityTests(BrowserFixture fixture)
{
    public static TheoryData<ColorScheme, int> Views => new()
    {
        { ColorScheme.Light, 1280 },
        { ColorScheme.Light, 390 },
        { ColorScheme.Dark, 1280 },
        { ColorScheme.Dark, 390 },
        { ColorScheme.Light, 320 },
    };

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Every_page_is_fit_for_everybody(ColorScheme colors, int width)
    {
        await using var visitor = await fixture.NewVisitorAsync(colors, width);
        foreach (var address in new[] { "/", "/signin", "/register", "/signed-out", "/nothing", "/signin?flow=x", "/connect/authorize?client_id=nobody" })
        {
            await visitor.GoAsync(address);
            await AssertFitAsync(visitor);
        }

        await visitor.GoAsync(fixture.AuthorizeAddress("shop", "&prompt=consent"));
        await visitor.SignInAsync("alice", "wrong");
        await AssertFitAsync(visitor);
        await SendEmptyAsync(visitor, "#signin");
        await visitor.Page.FollowAsync("#register-link");
        await SendEmptyAsync(visitor, "#register");
        await visitor.Page.FollowAsync("#signin-link");
        await visitor.SignInAsync("alice");
        await AssertFitAsync(visitor);
        await visitor.AllowAsync();
        await visitor.ArriveAsync();
        foreach (var address in new[] { "/account", "/account?done=access", "/account/password", "/signout", fixture.AuthorizeAddress("shop", "&prompt=select_account") })
        {
            await visitor.GoAsync(address);
            await AssertFitAsync(visitor);
        }

        await visitor.GoAsync("/account/password");
        await SendEmptyAsync(visitor, "#change-password");
        Assert.Empty(visitor.Complaints);
    }

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Every_page_of_the_second_factor_is_fit_for_everybody(ColorScheme colors, int width)
    {
        await using var visitor = await fixture.NewVisitorAsync(colors, width);
        var (name, password) = ($"factor-{Guid.NewGuid():N}@example.com", "a long pass phrase of mine");
        await visitor.GoAsync("/register");
        await visitor.Page.FillAsync("#email", name);
        await visitor.Page.FillAsync("#password", password);
        await visitor.Page.FollowAsync("#register button");
        await visitor.GoAsync("/account/second-factor");
        await AssertFitAsync(visitor);
        await visitor.Page.FollowAsync("#add-app");
        await AssertFitAsync(visitor);
        await SendEmptyAsync(visitor, "#set-up");
        var app = new AuthenticatorApp(await visitor.Page.InnerTextAsync("#totp-key"));
        await visitor.Page.FillAsync("#code", app.Code());
        await visitor.Page.FollowAsync("#set-up button");
        await AssertFitAsync(visitor);
        var codes = await visitor.Page.Locator("#codes li").AllInnerTextsAsync();
        await visitor.Page.FollowAsync("#continue");
        await AssertFitAsync(visitor);
        await visitor.GoAsync("/signin?fresh=true");
        await visitor.SignInAsync(name, password);
        await AssertFitAsync(visitor);
        await SendEmptyAsync(visitor, "#second-factor");
        await visitor.Page.FollowAsync("#use-recovery_code");
        await AssertFitAsync(visitor);
        await SendEmptyAsync(visitor, "#recovery-code");
        await visitor.Page.FillAsync("#code", codes[0]);
        await visitor.Page.FollowAsync("#recovery-code button");
        await visitor.GoAsync("/account");
        await AssertFitAsync(visitor);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task The_form_post_page_is_fit_without_script()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await visitor.Page.RouteAsync("**/js/form-post.js*", route => route.FulfillAsync(new RouteFulfillOptions { Body = string.Empty }));
        await visitor.GoAsync(fixture.AuthorizeAddress("own", "&response_mode=form_post"));
        await visitor.SignInAsync("alice");

        Assert.Equal("One moment", await visitor.HeadingAsync());
        await AssertFitAsync(visitor);
    }

    /// <summary>A form with every field missing, past the checks of the browser.</summary>
    private static async Task SendEmptyAsync(Visitor visitor, string form)
    {
        await visitor.Page.EvalOnSelectorAsync(form, "form => { form.noValidate = true; for (const input of form.querySelectorAll('input:not([type=hidden])')) input.value = ''; }");
        await visitor.Page.FollowAsync(form + " button");
        Assert.NotEmpty(await visitor.Page.QuerySelectorAllAsync(".problem"));
        await AssertFitAsync(visitor);
    }

    private static async Task AssertFitAsync(Visitor visitor)
    {
        var where = $"{visitor.Path} at {visitor.Page.ViewportSize!.Width}: ";
        await Pictures.TakeAsync(visitor);
        var result = await visitor.Page.RunAxe();
        Assert.Equal(
            [],
            result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{where}{violation.Id}: {node.Html}")));
        Assert.True(
            await visitor.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
            where + "wider than the window");
        Assert.Equal(1, await visitor.Page.Locator("h1").CountAsync());
        Assert.Equal("en", await visitor.Page.GetAttributeAsync("html", "lang"));
    }
}
