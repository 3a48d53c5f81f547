using IdentityProvider.Accounts;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Recovery;

public sealed class EmailTests : IDisposable
{
    private readonly ServerFixture _server = new();

    [Fact]
    public async Task Who_registers_confirms_the_address_by_the_button_behind_the_mailed_link()
    {
        using var browser = _server.NewBrowser();
        await browser.GoAsync("/register");
        await browser.SubmitAsync("register", ("email", "carol@example.com"), ("password", "a quite long password of hers"));
        var link = (await _server.Mails.NextAsync("carol@example.com")).Link.PathAndQuery;
        Assert.False((await FindAsync("carol@example.com")).EmailConfirmed);

        await browser.GoAsync(link);
        Assert.False((await FindAsync("carol@example.com")).EmailConfirmed);
        Assert.Equal(200, (await browser.SubmitAsync("confirm", ("password", "a quite long password of hers"))).Status);

        Assert.Equal("/account", browser.Address.AbsolutePath);
        Assert.True((await FindAsync("carol@example.com")).EmailConfirmed);
        Assert.Equal(400, (await _server.GetAsync(link)).Status);
    }

    [Fact]
    [Case(299)]
    public async Task A_new_address_counts_once_it_is_confirmed_and_both_are_told()
    {
        using var browser = await _server.SignInAsync("alice");
        Assert.Equal(400, (await ChangeAsync(browser, "new@example.com", "wrong password of some length")).Status);
        Assert.Equal(200, (await ChangeAsync(browser, "new@example.com", ServerFixture.Password)).Status);
        var link = (await _server.Mails.NextAsync("new@example.com")).Link.PathAndQuery;
        Assert.Equal("alice@example.com", (await FindAsync("alice")).Email);

        await browser.GoAsync(link);
        await browser.SubmitAsync("confirm");

        var alice = await FindAsync("alice");
        Assert.Equal(("new@example.com", true), (alice.Email, alice.EmailConfirmed));
        Assert.Equal("Your e-mail address was changed", (await _server.Mails.NextAsync("alice@example.com")).Subject);
        Assert.Equal("Your e-mail address was changed", (await _server.Mails.NextAsync("new@example.com")).Subject);
        Assert.Equal(400, (await _server.GetAsync(link)).Status);
    }

    [Fact]
    public async Task An_address_that_somebody_has_is_not_given_away_and_the_page_does_not_tell()
    {
        using var carol = _server.NewBrowser();
        await carol.GoAsync("/register");
        await carol.SubmitAsync("register", ("email", "carol@example.com"), ("password", "a quite long password of hers"));
        Assert.Equal("Confirm your e-mail address", (await _server.Mails.NextAsync("carol@example.com")).Subject);
        using var browser = await _server.SignInAsync("alice");

        Assert.Equal(200, (await ChangeAsync(browser, "carol@example.com", ServerFixture.Password)).Status);
        await browser.GoAsync((await _server.Mails.NextAsync("carol@example.com")).Link.PathAndQuery);
        var answer = await browser.SubmitAsync("confirm");

        Assert.Equal(400, answer.Status);
        Assert.Equal("alice@example.com", (await FindAsync("alice")).Email);
    }

    [Fact]
    [Case(265)]
    public async Task Who_is_locked_out_by_a_stranger_ends_the_pause_by_mail_and_a_known_browser_never_waits()
    {
        using var known = await _server.SignInAsync("alice");
        await known.GoAsync("/signout");
        await known.SubmitAsync("signout");
        for (var guess = 0; guess < 10; guess++)
        {
            Assert.Equal(400, (await TryAsync(_server.NewBrowser(), "a wrong password, again")).Status);
        }

        Assert.Equal(400, (await TryAsync(_server.NewBrowser(), ServerFixture.Password)).Status);
        var mail = await _server.Mails.NextAsync("alice@example.com");
        using var owner = _server.NewBrowser();
        await owner.GoAsync(mail.Link.PathAndQuery);
        await owner.SubmitAsync("unlock");
        Assert.Equal(400, (await _server.GetAsync(mail.Link.PathAndQuery)).Status);
        Assert.Equal(200, (await TryAsync(_server.NewBrowser(), ServerFixture.Password)).Status);

        for (var guess = 0; guess < 10; guess++)
        {
            await TryAsync(_server.NewBrowser(), "a wrong password, again");
        }

        Assert.Equal(200, (await TryAsync(known, ServerFixture.Password)).Status);
    }

    [Fact]
    [Case(265)]
    public async Task Who_is_signed_in_changes_address_and_password_though_strangers_made_the_account_wait()
    {
        using var owner = await _server.SignInAsync("alice");
        for (var guess = 0; guess < 10; guess++)
        {
            await TryAsync(_server.NewBrowser(), "a wrong password, again");
        }

        Assert.Equal(400, (await TryAsync(_server.NewBrowser(), ServerFixture.Password)).Status);

        Assert.Equal(200, (await ChangeAsync(owner, "new@example.com", ServerFixture.Password)).Status);
        await owner.GoAsync("/account/password");
        await owner.SubmitAsync("change", ("current", ServerFixture.Password), ("password", "a much better passphrase"));
        Assert.Equal("/account?done=password", owner.Address.PathAndQuery);
    }

    public void Dispose() => _server.Dispose();

    private static async Task<Answer> ChangeAsync(Browser browser, string email, string password)
    {
        await browser.GoAsync("/account/email");
        return await browser.SubmitAsync("send", ("email", email), ("password", password));
    }

    private static async Task<Answer> TryAsync(Browser browser, string password)
    {
        await browser.GoAsync("/signin");
        return await browser.SubmitAsync("signin", ("username", "alice"), ("password", password));
    }

    private async Task<Account> FindAsync(string name)
    {
        using var scope = _server.Services.CreateScope();
        return (await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByNameAsync(name))!;
    }
}
