namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>The way of a newcomer with a telephone and without script, by what the pages offer and the mail in <c>/dev/mail</c> alone.</summary>
[Collection(SharedBrowser.Name)]
public sealed class NewcomerTests(BrowserFixture fixture)
{
    private const string Password = "a long pass phrase of mine";

    [Fact]
    public async Task Somebody_without_script_gets_an_account_sees_all_of_it_and_finds_back_in()
    {
        var server = await fixture.NewcomersAsync();
        var email = $"nora-{Guid.NewGuid():N}@example.com";
        await using var visitor = await fixture.NewVisitorAsync(width: 390, script: false);
        await visitor.GoAsync(server.Issuer + "/");
        await visitor.Page.FollowAsync("a[href='/register']");
        await visitor.Page.FillAsync("#email", email);
        await visitor.Page.FillAsync("#password", Password);
        await visitor.Page.FollowAsync("#register button");
        await visitor.GoAsync(await server.FindLinkAsync(email, "/confirm-email"));
        await visitor.Page.FillAsync("#password", Password);
        await visitor.Page.FollowAsync("#confirm-email button");
        Assert.Equal("/account", visitor.Path);

        var headings = await VisitAllAsync(visitor);
        Assert.Equal(headings.Count, headings.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("Sign out?", headings[^1]);
        await visitor.Page.FollowAsync("#signout button[value=signout]");
        await visitor.Page.FollowAsync("main a.button");
        await visitor.Page.FollowAsync("#forgot-link");
        await visitor.Page.FillAsync("#username", email);
        await visitor.Page.FollowAsync("#forgot button");
        await visitor.GoAsync(await server.FindLinkAsync(email, "/reset"));
        await visitor.Page.FillAsync("#password", Password + " again");
        await visitor.Page.FollowAsync("#reset button");
        await visitor.Page.FollowAsync("#signin-link");
        await visitor.SignInAsync(email, Password + " again");

        Assert.Equal("/account", visitor.Path);
        Assert.Empty(visitor.Complaints);
    }

    /// <summary>Opens everything that the menu names, one after the other, each from the page before: what stands over each.</summary>
    private static async Task<List<string>> VisitAllAsync(Visitor visitor)
    {
        var headings = new List<string>();
        var count = await visitor.Page.Locator("#sections-menu a").CountAsync();
        for (var i = 0; i < count; i++)
        {
            await visitor.Page.ClickAsync(".sections button");
            var link = visitor.Page.Locator("#sections-menu a").Nth(i);
            await visitor.Page.FollowAsync(() => link.ClickAsync());
            headings.Add(await visitor.HeadingAsync());
        }

        return headings;
    }
}
