using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Pages;

public sealed class RegisterPageTests(RegisterPageTests.Servers servers) : IClassFixture<RegisterPageTests.Servers>
{
    private const string Password = "eleven green bottles standing";

    /// <summary>One that asks for the proof of an address, and one that does not.</summary>
    public sealed class Servers : IDisposable
    {
        public ServerFixture Asking { get; } = new();

        public ServerFixture Trusting { get; } = ServerFixture.With("""{ "Accounts": { "require_confirmed_email": false } }""");

        public void Dispose()
        {
            Asking.Dispose();
            Trusting.Dispose();
        }
    }

    [Fact]
    public async Task A_new_person_confirms_the_address_and_goes_on_to_the_client()
    {
        var server = servers.Asking;
        var client = server.Register(TestClients.Public());
        using var browser = server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress(("prompt", "create"), ("scope", "openid email")));
        await browser.SendFormAsync("#register", ("email", "mia@example.com"), ("password", Password));
        Assert.Equal("Look into your mailbox", browser.Text("h1"));
        var goOn = browser.Page.QuerySelector("#go-on")!.GetAttribute("href")!;
        Assert.Null(browser.SessionCookie());

        await browser.GoAsync((await server.Mails.NextAsync("mia@example.com")).Link.PathAndQuery);
        await browser.SendFormAsync("#confirm-email", ("password", Password));
        await browser.GoAsync(goOn);
        var tokens = await server.RedeemAsync(client, Flows.Parameters(browser.LeftTo!)["code"]);

        Assert.True((await server.UserInfoAsync(tokens.AccessToken)).Json.GetProperty("email_verified").GetBoolean());
    }

    [Fact]
    [Case(262)]
    public async Task Whether_an_address_is_taken_is_told_to_its_owner_by_mail_and_to_nobody_else()
    {
        var server = servers.Asking;
        await server.PauseDeliveriesAsync();
        var answers = new List<(int Status, string Body, int Reads, int Writes)>();
        foreach (var email in new[] { "alice@example.com", "nadia@example.com" })
        {
            using var browser = server.NewBrowser();
            await browser.GoAsync("/register");
            var answer = (Answer?)null;
            var (reads, writes) = await ServerFixture.CountStatementsAsync(
                async () => answer = await browser.SendFormAsync("#register", ("email", email), ("password", Password)));
            answers.Add((answer!.Status, browser.Text("main").Replace(email, "", StringComparison.Ordinal), reads, writes));
        }

        Assert.Equal(answers[0], answers[1]);
        Assert.Equal("You have an account already", (await server.Mails.NextAsync("alice@example.com")).Subject);
        Assert.Equal("Confirm your e-mail address", (await server.Mails.NextAsync("nadia@example.com")).Subject);
        using var alice = await server.SignInAsync("alice");
    }

    [Fact]
    public async Task Of_twenty_that_ask_for_one_address_at_once_one_becomes_an_account_and_none_is_told()
    {
        var server = servers.Asking;
        var browsers = Enumerable.Range(0, 20).Select(_ => server.NewBrowser()).ToList();
        await Task.WhenAll(browsers.Select(browser => browser.GoAsync("/register")));

        var answers = await Task.WhenAll(browsers.Select(
            browser => browser.SendFormAsync("#register", ("email", "prize@example.com"), ("password", Password))));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        for (var mail = 0; mail < browsers.Count; mail++)
        {
            Assert.Equal("Confirm your e-mail address", (await server.Mails.NextAsync("prize@example.com")).Subject);
        }

        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task Where_no_proof_is_asked_for_a_new_person_is_signed_in_and_known_to_the_client()
    {
        var server = servers.Trusting;
        var client = server.Register(TestClients.Public());
        using var browser = server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress(("prompt", "create"), ("scope", "openid profile email")));
        Assert.Equal("/register", browser.Address.AbsolutePath);

        await browser.SendFormAsync("#register", ("name", " Zoë Ångström "), ("email", " zoe@example.com "), ("password", Password));
        var tokens = await server.RedeemAsync(client, Flows.Parameters(browser.LeftTo!)["code"]);
        var claims = (await server.UserInfoAsync(tokens.AccessToken)).Json;

        Assert.Equal("Zoë Ångström", claims.GetProperty("name").GetString());
        Assert.Equal("zoe@example.com", claims.GetProperty("email").GetString());
        Assert.False(claims.GetProperty("email_verified").GetBoolean());
    }

    [Fact]
    public async Task Who_has_an_account_signs_in_instead()
    {
        var server = servers.Trusting;
        var client = server.Register(TestClients.Public());
        using var browser = server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress(("prompt", "create")));

        await browser.GoAsync(browser.Page.QuerySelector("#signin-link")!.GetAttribute("href")!);
        await browser.SignInAsync("alice", ServerFixture.Password);

        Assert.Contains("code", Flows.Parameters(browser.LeftTo!).Keys);
    }

    [Theory]
    [InlineData("", "", "", "email-problem password-problem")]
    [InlineData("", "no-at-sign", Password, "email-problem")]
    [InlineData("", "two@at@signs", Password, "email-problem")]
    [InlineData("", "with blank@example.com", Password, "email-problem")]
    [InlineData("", "@example.com", Password, "email-problem")]
    [InlineData("", "alice@example.com\u200b", Password, "email-problem")]
    [InlineData("", "\uff41lice@example.com", Password, "email-problem")]
    [InlineData("", "<eve@example.com>", Password, "email-problem")]
    [InlineData("", "eve@example.com,alice", Password, "email-problem")]
    [InlineData("", "line\nbreak@example.com", Password, "email-problem")]
    [InlineData("", "new@example.com", "too short", "password-problem")]
    [InlineData("", "new@example.com", "passwordpassword", "password-problem")]
    [InlineData("", "marmotdancer@example.com", "marmotdancer@example", "password-problem")]
    [InlineData("a\u0007b", "new@example.com", Password, "name-problem")]
    [InlineData("", "ALICE@example.com", Password, "email-problem")]
    [Case(272)]
    public async Task What_is_wrong_is_said_beside_the_field_and_nothing_is_made(string name, string email, string password, string problems)
    {
        var server = servers.Trusting;
        using var browser = server.NewBrowser();
        await browser.GoAsync("/register");

        var answer = await browser.SendFormAsync("#register", ("name", name), ("email", email), ("password", password));

        Assert.Equal(400, answer.Status);
        Assert.Equal(problems.Split(' '), browser.Page.QuerySelectorAll(".problem").Select(problem => problem.Id));
        Assert.Null(browser.SessionCookie());
    }

    [Fact]
    public async Task Of_two_that_register_one_address_at_once_one_gets_it()
    {
        var server = servers.Trusting;
        var browsers = Enumerable.Range(0, 8).Select(_ => server.NewBrowser()).ToList();
        await Task.WhenAll(browsers.Select(browser => browser.GoAsync("/register")));

        var answers = await Task.WhenAll(browsers.Select(
            browser => browser.SendFormAsync("#register", ("email", "wanted@example.com"), ("password", Password))));

        Assert.Equal([200, 400, 400, 400, 400, 400, 400, 400], answers.Select(answer => answer.Status).Order());
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task A_closed_server_makes_no_accounts()
    {
        using var closed = ServerFixture.With("""{ "Accounts": { "registration": "closed" } }""");
        using var browser = closed.NewBrowser();
        await browser.GoAsync("/signin");
        Assert.Null(browser.Page.QuerySelector("#register-link"));
        var fields = browser.FieldsOf("#signin");
        (fields["email"], fields["password"]) = ("new@example.com", Password);

        var posted = await browser.PostAsync("/register", fields);
        await browser.GoAsync(closed.Register(TestClients.Public()).AuthorizeAddress(("prompt", "create")));

        Assert.Equal(404, posted.Status);
        Assert.Equal("Registration is closed", browser.Text("h1"));
        await browser.GoAsync(browser.Page.QuerySelector("#signin-link")!.GetAttribute("href")!);
        await browser.SignInAsync("alice", ServerFixture.Password);
        Assert.NotNull(browser.LeftTo);
    }
}
