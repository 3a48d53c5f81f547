using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Server.Tests.SignIn;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Upstream;

public sealed class LinkedPageTests(UpstreamFixture upstream) : IClassFixture<UpstreamFixture>
{
    private ServerFixture Server => upstream.Server;

    [Fact]
    public async Task Who_proved_both_sides_links_them_and_is_told_by_mail()
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        var name = await Server.AddPersonAsync(account => (account.Email, account.EmailConfirmed) = (email, true));
        using var browser = await Server.SignInAsync(name);
        using var later = Server.NewBrowser();

        await LinkAsync(browser, "acme", "linker-" + name);
        await upstream.SignInAsync(later, "acme", "linker-" + name);

        Assert.Equal(name, (await upstream.WhoAsync(later))!.UserName);
        Assert.NotNull(browser.Page.QuerySelector("#linked [data-provider=acme]"));
        Assert.Contains("Acme", (await Server.Mails.NextAsync(email)).Text, StringComparison.Ordinal);
    }

    [Fact]
    [Case(329)]
    public async Task A_session_that_is_not_fresh_links_and_unlinks_nothing()
    {
        var name = await Server.AddPersonAsync();
        using var browser = await Server.SignInAsync(name);
        await LinkAsync(browser, "acme", "stale-" + name);
        Server.Clock.Advance(TimeSpan.FromMinutes(6));

        await browser.SendFormAsync("#link form");
        Assert.Equal(("/signin", null), (browser.Address.AbsolutePath, browser.LeftTo));
        await browser.GoAsync("/account/linked");
        await browser.SendFormAsync("#linked form");

        Assert.Equal("/signin", browser.Address.AbsolutePath);
        Assert.NotNull(await upstream.FindAccountAsync("acme", upstream.Acme.Issuer, "stale-" + name));
    }

    [Fact]
    public async Task An_identity_belongs_to_one_account()
    {
        var (first, second) = (await Server.AddPersonAsync(), await Server.AddPersonAsync());
        using var mine = await Server.SignInAsync(first);
        using var theirs = await Server.SignInAsync(second);
        await LinkAsync(mine, "acme", "shared-" + first);
        var owner = await upstream.FindAccountAsync("acme", upstream.Acme.Issuer, "shared-" + first);

        var answer = await LinkAsync(theirs, "acme", "shared-" + first);

        Assert.Equal(409, answer.Status);
        Assert.DoesNotContain(first, answer.Body, StringComparison.Ordinal);
        Assert.Equal(owner, await upstream.FindAccountAsync("acme", upstream.Acme.Issuer, "shared-" + first));
    }

    [Fact]
    [Case(326)]
    public async Task A_link_that_was_begun_in_another_session_is_refused()
    {
        var (first, second) = (await Server.AddPersonAsync(), await Server.AddPersonAsync());
        using var browser = await Server.SignInAsync(first);
        await browser.GoAsync("/account/linked");
        await browser.SendFormAsync("#link form", ("provider", "acme"));
        var answer = upstream.Acme.Agree(browser.LeftTo!, "moved-" + first);
        await browser.GoAsync("/signin?fresh=true");
        await browser.SignInAsync(second, ServerFixture.Password);

        Assert.Equal(400, (await browser.GoAsync(answer)).Status);
        Assert.Null(await upstream.FindAccountAsync("acme", upstream.Acme.Issuer, "moved-" + first));
    }

    [Fact]
    public async Task Who_has_another_way_unlinks_and_is_told_by_mail()
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        var name = await Server.AddPersonAsync(account => (account.Email, account.EmailConfirmed) = (email, true));
        using var browser = await Server.SignInAsync(name);
        await LinkAsync(browser, "acme", "leaver-" + name);
        var linked = await Server.Mails.NextAsync(email);

        await browser.SendFormAsync("#linked form");

        Assert.Empty(browser.Page.QuerySelectorAll("#linked li"));
        Assert.Null(await upstream.FindAccountAsync("acme", upstream.Acme.Issuer, "leaver-" + name));
        Assert.NotEqual(linked.Subject, (await Server.Mails.NextAsync(email)).Subject);
    }

    [Fact]
    public async Task The_last_way_in_is_not_unlinked_and_one_of_two_is()
    {
        using var browser = Server.NewBrowser();
        var subject = "only-" + Guid.NewGuid().ToString("N");
        await upstream.SignInAsync(browser, "acme", subject);
        await browser.GoAsync("/account/linked");

        var refused = await browser.SendFormAsync("#linked form");
        Assert.Equal(409, refused.Status);
        Assert.NotNull(await upstream.FindAccountAsync("acme", upstream.Acme.Issuer, subject));
        await LinkAsync(browser, "other", subject);
        await browser.SendFormAsync("#linked [data-provider=acme] form");

        Assert.Null(await upstream.FindAccountAsync("acme", upstream.Acme.Issuer, subject));
        Assert.NotNull(await upstream.FindAccountAsync("other", upstream.Other.Issuer, subject));
    }

    [Fact]
    public async Task An_identity_of_somebody_else_cannot_be_unlinked()
    {
        var (first, second) = (await Server.AddPersonAsync(), await Server.AddPersonAsync());
        using var mine = await Server.SignInAsync(first);
        using var theirs = await Server.SignInAsync(second);
        await LinkAsync(mine, "acme", "mine-" + first);
        await LinkAsync(theirs, "acme", "theirs-" + second);
        var key = mine.FieldsOf("#linked form")["identity"];

        var answer = await theirs.SendFormAsync("#linked form", ("identity", key));

        Assert.Equal(404, answer.Status);
        Assert.NotNull(await upstream.FindAccountAsync("acme", upstream.Acme.Issuer, "mine-" + first));
    }

    private async Task<Answer> LinkAsync(Browser browser, string provider, string subject)
    {
        await browser.GoAsync("/account/linked");
        await browser.SendFormAsync("#link form", ("provider", provider));
        var request = browser.LeftTo ?? throw new InvalidOperationException(browser.Current!.Body);
        return await browser.GoAsync((provider is "other" ? upstream.Other : upstream.Acme).Agree(request, subject));
    }
}
