using System.Net;
using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.SignIn;

public sealed class EmailSignInTests(EmailSignInTests.Fixture fixture) : IClassFixture<EmailSignInTests.Fixture>
{
    private readonly ServerFixture _server = fixture.Server;

    [Fact]
    public async Task The_code_signs_in_and_says_truthfully_what_was_proved()
    {
        var person = await AddAsync();
        var client = _server.Register(TestClients.Public() with { RequireConsent = false });
        using var browser = _server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());
        await browser.GoAsync(browser.Page.QuerySelector("#use-email")!.GetAttribute("href")!);

        var mail = await AskAsync(browser, person);
        Assert.Equal(("/signin/email/code", "one-time-code"), (browser.Address.AbsolutePath, browser.Page.QuerySelector("#code")!.GetAttribute("autocomplete")));
        await browser.SendFormAsync("#email-code", ("code", $" {mail.Code[..4]}-{mail.Code[4..]} "));

        var token = (await _server.RedeemAsync(client, Flows.Parameters(browser.LeftTo!)["code"])).Json.GetProperty("id_token").GetString()!;
        var claims = SecondFactorSteps.ClaimsOf(token);
        Assert.Equal("1", claims.GetProperty("acr").GetString());
        Assert.Equal(["otp"], claims.GetProperty("amr").EnumerateArray().Select(value => value.GetString()!));
    }

    [Fact]
    public async Task The_link_signs_in_the_browser_that_asked_and_leads_back_to_the_client()
    {
        var person = await AddAsync();
        var client = _server.Register(TestClients.Public() with { RequireConsent = false });
        using var browser = _server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());
        await browser.GoAsync(browser.Page.QuerySelector("#use-email")!.GetAttribute("href")!);
        var mail = await AskAsync(browser, person);

        await browser.GoAsync(mail.Link.PathAndQuery);
        Assert.Equal("no-referrer", browser.Current!.Header("Referrer-Policy"));
        await browser.SendFormAsync("#email-link");

        Assert.Equal(200, (await _server.RedeemAsync(client, Flows.Parameters(browser.LeftTo!)["code"])).Status);
    }

    [Fact]
    [Case(293)]
    public async Task A_scanner_that_opens_the_link_spends_nothing()
    {
        var person = await AddAsync();
        using var browser = await AskedAsync(person);
        var mail = await _server.Mails.NextAsync(person);
        var link = mail.Link.PathAndQuery;
        for (var visit = 0; visit < 3; visit++)
        {
            Assert.Equal(200, (await _server.GetAsync(link)).Status);
            Assert.Equal(200, (await _server.SendAsync(new HttpRequestMessage(HttpMethod.Head, link))).Status);
            await browser.GoAsync(link);
        }

        Assert.False(browser.IsSignedIn());
        await browser.SendFormAsync("#email-link");
        Assert.True(browser.IsSignedIn());
    }

    [Fact]
    [Case(301)]
    public async Task In_another_browser_the_link_signs_nobody_in_and_the_code_still_works_where_it_was_asked_for()
    {
        var person = await AddAsync();
        using var browser = await AskedAsync(person);
        var mail = await _server.Mails.NextAsync(person);
        using var other = await AskedAsync(await AddAsync());

        await other.GoAsync(mail.Link.PathAndQuery);
        Assert.Equal((200, "Type the code where you began"), (other.Current!.Status, other.Text("#title")));
        Assert.Null(other.Page.QuerySelector("#email-link"));
        Assert.DoesNotContain(person, other.Current.Body, StringComparison.Ordinal);
        await other.GoAsync("/signin/email/code");
        var form = other.FieldsOf("#email-code");
        Assert.Equal(400, (await other.PostAsync(mail.Link.PathAndQuery, form)).Status);
        await other.GoAsync("/signin/email/code");
        Assert.Equal(400, (await other.SendFormAsync("#email-code", ("code", mail.Code))).Status);
        Assert.False(other.IsSignedIn());

        await browser.SendFormAsync("#email-code", ("code", mail.Code));
        Assert.True(browser.IsSignedIn());
    }

    [Fact]
    [Case(301)]
    public async Task After_five_tries_the_right_code_is_wrong_too()
    {
        var person = await AddAsync();
        using var browser = await AskedAsync(person);
        var mail = await _server.Mails.NextAsync(person);
        for (var number = 0; number < 5; number++)
        {
            Assert.Equal((400, "This code is not right"), await TypeAsync(browser, "00000000"));
        }

        Assert.Equal((400, "This code does not work any more"), await TypeAsync(browser, mail.Code));
        Assert.False(browser.IsSignedIn());
    }

    [Fact]
    [Case(301)]
    [Case(397)]
    public async Task Of_twenty_at_once_with_one_code_one_signs_in()
    {
        var person = await AddAsync();
        using var browser = await AskedAsync(person);
        var code = (await _server.Mails.NextAsync(person)).Code;
        var thieves = Enumerable.Range(0, 20).Select(_ => Copy(browser)).ToList();
        foreach (var thief in thieves)
        {
            await thief.GoAsync("/signin/email/code");
        }

        await Task.WhenAll(thieves.Select(thief => thief.SendFormAsync("#email-code", ("code", code))));

        Assert.Single(thieves, thief => thief.IsSignedIn());
        Assert.All(thieves.Where(thief => !thief.IsSignedIn()), thief => Assert.Equal(400, thief.Current!.Status));
        thieves.ForEach(thief => thief.Dispose());
    }

    [Fact]
    public async Task Code_and_link_are_one_thing_that_works_once()
    {
        var person = await AddAsync();
        using var browser = await AskedAsync(person);
        var mail = await _server.Mails.NextAsync(person);
        using var copy = Copy(browser);
        await copy.GoAsync(mail.Link.PathAndQuery);
        await browser.SendFormAsync("#email-code", ("code", mail.Code));

        var answer = await copy.SendFormAsync("#email-link");

        Assert.True(browser.IsSignedIn());
        Assert.Equal(400, answer.Status);
        Assert.False(copy.IsSignedIn());
    }

    [Theory]
    [InlineData("time")]
    [InlineData("another mail")]
    [InlineData("password")]
    [Case(301)]
    public async Task A_code_dies_of_ten_minutes_a_newer_mail_and_any_change_of_the_account(string reason)
    {
        var person = await AddAsync();
        using var browser = await AskedAsync(person);
        var mail = await _server.Mails.NextAsync(person);
        switch (reason)
        {
            case "time":
                _server.Clock.Advance(TimeSpan.FromMinutes(10));
                break;
            case "another mail":
                await browser.GoAsync("/signin/email");
                await AskAsync(browser, person);
                break;
            default:
                await _server.ChangeAsync(person, account => account.SecurityStamp = "another");
                break;
        }

        var answer = await browser.SendFormAsync("#email-code", ("code", mail.Code));
        await browser.GoAsync(mail.Link.PathAndQuery);

        Assert.Equal(400, answer.Status);
        Assert.Null(browser.Page.QuerySelector("#email-link"));
        Assert.False(browser.IsSignedIn());
    }

    [Fact]
    [Case(262)]
    [Case(286)]
    public async Task Whoever_is_typed_the_answer_and_the_work_are_the_same_and_only_a_confirmed_address_gets_a_mail()
    {
        var (person, unconfirmed, disabled) = (await AddAsync(), await AddAsync(confirmed: false), await AddAsync());
        await _server.ChangeAsync(disabled, account => account.Disabled = true);
        var seen = new List<(int, int, int, string)>();
        foreach (var name in new[] { person, unconfirmed, disabled, $"nobody-{Guid.NewGuid():N}@example.com" })
        {
            using var browser = _server.NewBrowser();
            await browser.GoAsync("/signin/email");
            var form = browser.FieldsOf("#signin-email");
            form["username"] = name;
            var (reads, writes) = await ServerFixture.CountStatementsAsync(
                () => browser.SendOnceAsync(new HttpRequestMessage(HttpMethod.Post, browser.Address) { Content = new FormUrlEncodedContent(form) }));
            seen.Add((browser.Current!.Status, reads, writes, browser.Current.Headers.Location!.ToString()));
            await browser.GoAsync("/signin/email/code");
            Assert.Equal((400, "This code is not right"), await TypeAsync(browser, "00000000"));
        }

        Assert.Equal((303, 2, 2, "/signin/email/code"), Assert.Single(seen.Distinct()));
        await _server.Mails.NextAsync(person);
        await _server.Mails.DeliverAsync();
        Assert.DoesNotContain(_server.Mails.Unread, mail => mail.To == unconfirmed || mail.To == disabled || mail.To.StartsWith("nobody-", StringComparison.Ordinal));
    }

    [Fact]
    [Case(307)]
    public async Task The_mail_alone_does_not_pass_a_second_factor()
    {
        var person = await _server.AddPersonWithAppAsync();
        var address = $"{person.Name}@example.com";
        await _server.ChangeAsync(person.Name, account => (account.Email, account.NormalizedEmail, account.EmailConfirmed) = (address, address.ToUpperInvariant(), true));
        using var browser = await AskedAsync(person.Name);

        await browser.SendFormAsync("#email-code", ("code", (await _server.Mails.NextAsync(address)).Code));
        Assert.Equal("/signin/second-factor", browser.Address.AbsolutePath);
        Assert.False(browser.IsSignedIn());
        await browser.TypeCodeAsync(person.App.FreshCode());

        Assert.True(browser.IsSignedIn());
    }

    [Fact]
    public async Task A_client_that_takes_passwords_only_is_not_signed_in_to_by_mail()
    {
        var client = _server.Register(TestClients.Public() with { SignInMethods = ["password"] });
        using var browser = _server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());

        Assert.Null(browser.Page.QuerySelector("#use-email"));
        await browser.GoAsync("/signin/email" + browser.Address.Query);

        Assert.Equal(404, browser.Current!.Status);
    }

    [Fact]
    public async Task A_client_that_takes_codes_only_leads_straight_there_and_its_mail_has_no_link()
    {
        var person = await AddAsync();
        var client = _server.Register(TestClients.Public() with { SignInMethods = ["email_code"], RequireConsent = false });
        using var browser = _server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());
        Assert.Equal("/signin/email", browser.Address.AbsolutePath);

        var mail = await AskAsync(browser, person);
        Assert.DoesNotContain("/signin/email/link", mail.Text, StringComparison.Ordinal);
        await browser.SendFormAsync("#email-code", ("code", mail.Code));

        Assert.NotNull(browser.LeftTo);
    }

    [Fact]
    public async Task What_was_asked_for_one_client_signs_in_for_no_other()
    {
        var person = await AddAsync();
        var (first, second) = (_server.Register(TestClients.Public()), _server.Register(TestClients.Public()));
        using var browser = _server.NewBrowser();
        await browser.GoAsync(first.AuthorizeAddress());
        await browser.GoAsync("/signin/email" + browser.Address.Query);
        await AskAsync(browser, person);
        await browser.GoAsync(second.AuthorizeAddress());

        await browser.GoAsync("/signin/email/code" + browser.Address.Query);

        Assert.Equal("/signin/email", browser.Address.AbsolutePath);
    }

    [Fact]
    public async Task By_default_no_mail_signs_in()
    {
        using var server = new ServerFixture();

        Assert.Equal(404, (await server.GetAsync("/signin/email")).Status);
        Assert.DoesNotContain("use-email", (await server.GetAsync("/signin")).Body, StringComparison.Ordinal);
    }

    [Fact]
    [Case(301)]
    public async Task Guesses_over_many_codes_end_after_fifty_and_the_owner_at_home_goes_on()
    {
        await _server.PauseDeliveriesAsync(); // else one that the worker has in hand may come after those that are cleared away below
        var person = await AddAsync();
        using var home = await AskedAsync(person);
        await home.SendFormAsync("#email-code", ("code", (await _server.Mails.NextAsync(person)).Code));
        for (var number = 0; number < 10; number++)
        {
            using var thief = await AskedAsync(person);
            for (var guess = 0; guess < 5; guess++)
            {
                Assert.Equal(400, (await TypeAsync(thief, "00000000")).Status);
            }
        }

        using var last = await AskedAsync(person);
        Assert.Equal(429, (await TypeAsync(last, "00000000")).Status);
        Assert.NotNull(last.Current!.Header("Retry-After"));
        await home.GoAsync("/signin/email");
        SentMail mail;
        do
        {
            mail = await _server.Mails.NextAsync(person);
        }
        while (_server.Mails.Unread.Any(unread => unread.To == person));

        mail = await AskAsync(home, person);
        await home.SendFormAsync("#email-code", ("code", mail.Code));
        Assert.Equal("/account", home.Address.AbsolutePath);
    }

    /// <summary>The address of a new account.</summary>
    private async Task<string> AddAsync(bool confirmed = true)
    {
        var address = $"{Guid.NewGuid():N}@example.com";
        await _server.AddPersonAsync(account => (account.Email, account.EmailConfirmed) = (address, confirmed));
        return address;
    }

    private async Task<Browser> AskedAsync(string name)
    {
        var browser = _server.NewBrowser();
        await browser.GoAsync("/signin/email");
        await browser.SendFormAsync("#signin-email", ("username", name), ("decision", "send"));
        Assert.Equal("/signin/email/code", browser.Address.AbsolutePath);
        return browser;
    }

    private async Task<SentMail> AskAsync(Browser browser, string person)
    {
        await browser.SendFormAsync("#signin-email", ("username", person), ("decision", "send"));
        return await _server.Mails.NextAsync(person);
    }

    private static async Task<(int Status, string Problem)> TypeAsync(Browser browser, string code)
    {
        var answer = await browser.SendFormAsync("#email-code", ("code", code));
        return (answer.Status, browser.Page.QuerySelector("#code-problem")?.TextContent.Split([':', '.'])[0] ?? string.Empty);
    }

    private Browser Copy(Browser browser)
    {
        var copy = _server.NewBrowser();
        foreach (Cookie cookie in browser.Cookies.GetAllCookies())
        {
            copy.SetCookie(cookie.Name, cookie.Value);
        }

        return copy;
    }

    public sealed class Fixture : IDisposable
    {
        public ServerFixture Server { get; } = ServerFixture.With(
            """
            {
              "SignIn": { "methods": ["password", "totp", "recovery_code", "email_link", "email_code"] },
              "Limits": { "mails_per_receiver": 1000, "mail_requests_per_address": 10000 }
            }
            """);

        public void Dispose() => Server.Dispose();
    }
}
