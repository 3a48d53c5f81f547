using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Browser;

[Collection(SharedBrowser.Name)]
public sealed class SignInFlowTests(BrowserFixture fixture)
{
    [Fact]
    public async Task A_person_signs_in_consents_and_is_back_at_a_client_that_sends_them_on()
    {
        await using var visitor = await fixture.NewVisitorAsync();

        await visitor.GoAsync(fixture.AuthorizeAddress("shop", "&prompt=consent"));
        await visitor.SignInAsync("alice");
        Assert.Equal("Northwind Shop asks for access to your account", await visitor.HeadingAsync());
        await visitor.AllowAsync();
        await visitor.ArriveAsync();

        var response = fixture.Client.Responses.Last();
        Assert.Equal(("a state", fixture.Issuer), (response["state"], response["iss"]));
        Assert.NotEmpty(response["code"]);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Without_script_everything_works_as_well()
    {
        await using var visitor = await fixture.NewVisitorAsync(script: false);

        await visitor.PassAsync(fixture.AuthorizeAddress("shop", "&prompt=consent"), "alice");

        Assert.NotEmpty(fixture.Client.Responses.Last()["code"]);
    }

    [Fact]
    public async Task A_second_client_asks_for_no_password_and_one_of_our_own_for_nothing()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await visitor.PassAsync(fixture.AuthorizeAddress(), "bob");

        await visitor.GoAsync(fixture.AuthorizeAddress("second-shop"));
        var second = visitor.Path;
        await visitor.AllowAsync();
        await visitor.ArriveAsync();
        var before = fixture.Client.Responses.Count;
        await visitor.GoAsync(fixture.AuthorizeAddress("own"));
        await visitor.ArriveAsync();

        Assert.Equal("/consent", second);
        Assert.Equal(before + 1, fixture.Client.Responses.Count);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task A_wrong_password_is_explained_and_the_name_stays()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await visitor.GoAsync(fixture.AuthorizeAddress());

        await visitor.SignInAsync("alice", "wrong");

        Assert.Contains("not right", await visitor.Page.InnerTextAsync("[role=alert]"), StringComparison.Ordinal);
        Assert.Equal("alice", await visitor.Page.InputValueAsync("#username"));
        Assert.Equal(string.Empty, await visitor.Page.InputValueAsync("#password"));
        await visitor.SeeFocusAsync("#password");
        await visitor.SignInAsync("alice");
        Assert.NotEqual("/signin", visitor.Path);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    [Case(29)]
    public async Task Who_denies_or_cancels_is_back_at_the_client()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await visitor.GoAsync(fixture.AuthorizeAddress());
        await visitor.Page.FollowAsync("#cancel button");
        await visitor.ArriveAsync();
        var cancelled = fixture.Client.Responses.Last();

        await visitor.GoAsync(fixture.AuthorizeAddress("second-shop", "&prompt=consent"));
        await visitor.SignInAsync("alice");
        await visitor.DenyAsync();
        await visitor.ArriveAsync();

        Assert.Equal("access_denied", cancelled["error"]);
        Assert.Equal("access_denied", fixture.Client.Responses.Last()["error"]);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    [Case(25)]
    public async Task Going_back_after_the_code_and_allowing_again_gives_no_second_code()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await visitor.GoAsync(fixture.AuthorizeAddress("shop", "&prompt=consent"));
        await visitor.SignInAsync("alice");
        await visitor.AllowAsync();
        await visitor.ArriveAsync();
        var count = fixture.Client.Responses.Count;

        await visitor.Page.GoBackAsync();

        // Nothing of the page was kept, so going back asks us again.
        Assert.Equal("Please start again", await visitor.HeadingAsync());
        Assert.Equal(count, fixture.Client.Responses.Count);
    }

    [Fact]
    [Case(25)]
    public async Task A_consent_page_left_open_in_a_second_tab_gives_no_second_code()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await visitor.GoAsync(fixture.AuthorizeAddress("shop", "&prompt=consent"));
        await visitor.SignInAsync("alice");
        var second = await visitor.Page.Context.NewPageAsync();
        await second.GotoAsync(visitor.Page.Url);
        await visitor.AllowAsync();
        await visitor.ArriveAsync();
        var count = fixture.Client.Responses.Count;

        await second.FollowAsync("#consent button[value=allow]");

        Assert.Equal("Please start again", await second.InnerTextAsync("h1"));
        Assert.Equal(count, fixture.Client.Responses.Count);
    }

    [Fact]
    [Case(23)]
    public async Task A_flow_cannot_be_continued_in_another_browser()
    {
        await using var victim = await fixture.NewVisitorAsync();
        await using var thief = await fixture.NewVisitorAsync();
        await victim.GoAsync(fixture.AuthorizeAddress());

        await thief.GoAsync(victim.Page.Url);

        Assert.Equal("Please start again", await thief.HeadingAsync());
        await victim.SignInAsync("alice");
        Assert.NotEqual("/signin", victim.Path);
    }

    [Fact]
    public async Task A_form_post_answer_goes_on_by_itself_and_by_a_button_without_script()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await visitor.PassAsync(fixture.AuthorizeAddress("own", "&response_mode=form_post"), "alice");
        var posted = fixture.Client.Responses.Last();
        await using var without = await fixture.NewVisitorAsync(script: false);
        await without.GoAsync(fixture.AuthorizeAddress("own", "&response_mode=form_post"));
        await without.SignInAsync("alice");
        await without.Page.FollowAsync("#form-post button");
        await without.ArriveAsync();

        Assert.Equal(("a state", fixture.Issuer), (posted["state"], posted["iss"]));
        Assert.NotEmpty(fixture.Client.Responses.Last()["code"]);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task A_new_person_registers_and_finds_their_account()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await visitor.GoAsync(fixture.AuthorizeAddress("shop", "&prompt=create"));
        await visitor.Page.FillAsync("#name", "Nora Example");
        await visitor.Page.FillAsync("#email", "nora@example.com");
        await visitor.Page.FillAsync("#password", "eleven green bottles standing");
        await visitor.Page.FollowAsync("#register button");
        await visitor.AllowAsync();
        await visitor.ArriveAsync();

        await visitor.GoAsync("/account");

        Assert.Contains("nora@example.com", await visitor.Page.InnerTextAsync("main"), StringComparison.Ordinal);
        await visitor.Page.FollowAsync("#applications-link");
        Assert.Contains("Northwind Shop", await visitor.Page.InnerTextAsync("#applications"), StringComparison.Ordinal);
        await visitor.Page.FollowAsync(".sections a[href$='/account/sessions']");
        Assert.Contains("Chrome on Linux", await visitor.Page.InnerTextAsync("#sessions"), StringComparison.Ordinal);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    [Case(244)]
    public async Task Signing_out_is_asked_for_and_then_holds()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await visitor.PassAsync(fixture.AuthorizeAddress("own"), "alice");

        await visitor.GoAsync("/connect/endsession?client_id=own&post_logout_redirect_uri=" + Uri.EscapeDataString(fixture.Client.Origin + "/done"));
        Assert.Equal("Sign out?", await visitor.HeadingAsync());
        await visitor.Page.FollowAsync("#signout button[value=signout]");
        await visitor.Page.WaitForURLAsync(fixture.Client.Origin + "/done");
        await visitor.GoAsync(fixture.AuthorizeAddress("own"));

        Assert.Equal("/signin", visitor.Path);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task The_keyboard_is_enough()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await visitor.GoAsync(fixture.AuthorizeAddress("second-shop", "&prompt=consent"));
        var keys = visitor.Page.Keyboard;

        // The first field has the focus; Enter sends the form as the first button would.
        await visitor.SeeFocusAsync("#username");
        await keys.TypeAsync("alice");
        await keys.PressAsync("Tab");
        await keys.TypeAsync(BrowserFixture.Password);
        await visitor.Page.FollowAsync(() => keys.PressAsync("Enter"));
        Assert.Equal("/consent", visitor.Path);
        await TabToAsync(visitor.Page, "button[value=allow]");
        await keys.PressAsync("Enter");

        await visitor.ArriveAsync();
        Assert.NotEmpty(fixture.Client.Responses.Last()["code"]);
    }

    /// <summary>Presses Tab until the element has the focus, and looks that the focus can be seen at every stop.</summary>
    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var i = 0; i < 20; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            Assert.NotEqual("none", await page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
            if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
            {
                return;
            }
        }

        Assert.Fail(selector + " cannot be reached by keyboard");
    }
}
