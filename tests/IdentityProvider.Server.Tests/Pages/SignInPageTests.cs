using IdentityProvider.Accounts;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Pages;

public sealed class SignInPageTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Wrong = "not the password at all";

    [Theory]
    [InlineData("alice")]
    [InlineData("ALICE")]
    [InlineData("  alice  ")]
    [InlineData("alice@example.com")]
    [InlineData("Alice@Example.COM")]
    [Case(266)]
    public async Task A_person_signs_in_by_name_or_address_in_any_case(string typed)
    {
        using var browser = server.NewBrowser();
        await browser.GoAsync("/signin");

        await browser.SignInAsync(typed, ServerFixture.Password);

        Assert.Equal("/account", browser.Address.AbsolutePath);
        Assert.Contains("alice", browser.Text("main"), StringComparison.Ordinal);
    }

    [Fact]
    [Case(259)]
    public async Task Every_refusal_looks_the_same()
    {
        var disabled = await AddAsync("disabled-person", ServerFixture.Password);
        await server.Services.GetRequiredService<IAccountStateStore>().TryDisableAsync(disabled, record: null, server.Clock.GetUtcNow(), default);
        await AddAsync("person-without-password", password: null);
        await AddAsync("pausing-person", ServerFixture.Password, account => account.LockoutEnd = server.Clock.GetUtcNow().AddHours(1));
        await AddAsync("closed-person", ServerFixture.Password, account => account.AccessFailedCount = 100);

        var answers = new[]
        {
            await AttemptAsync("nobody-of-that-name", ServerFixture.Password),
            await AttemptAsync("bob", Wrong),
            await AttemptAsync("disabled-person", ServerFixture.Password),
            await AttemptAsync("disabled-person", Wrong),
            await AttemptAsync("person-without-password", Wrong),
            await AttemptAsync("pausing-person", ServerFixture.Password),
            await AttemptAsync("closed-person", ServerFixture.Password),
            await AttemptAsync("bob", new string('x', 257)),
            await AttemptAsync("line\r\nbreak and \ud800 half", Wrong),
        };

        Assert.Single(answers.Distinct());
        Assert.StartsWith("400", answers[0], StringComparison.Ordinal);
    }

    [Fact]
    [Case(260)]
    public async Task Every_refusal_costs_the_same_statements()
    {
        using var browser = server.NewBrowser();
        await browser.GoAsync("/signin");

        var unknown = await ServerFixture.CountStatementsAsync(() => browser.SignInAsync("nobody-of-that-name", Wrong));
        var known = await ServerFixture.CountStatementsAsync(() => browser.SignInAsync("bob", Wrong));

        Assert.Equal(known, unknown);
        Assert.Equal((2, 5), known); // two limits; in one transaction the count, the event, and the mail if it begins a pause
    }

    [Fact]
    [Case(263)]
    public async Task After_ten_wrong_passwords_the_right_one_waits_and_looks_as_wrong()
    {
        await AddAsync("guessed-person", ServerFixture.Password);
        var answers = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            answers.Add(await AttemptAsync("guessed-person", Wrong));
        }

        answers.Add(await AttemptAsync("GUESSED-PERSON", ServerFixture.Password));
        server.Clock.Advance(TimeSpan.FromSeconds(61));
        using var browser = server.NewBrowser();
        await browser.GoAsync("/signin");
        await browser.SignInAsync("guessed-person", ServerFixture.Password);

        Assert.Single(answers.Distinct());
        Assert.Equal("/account", browser.Address.AbsolutePath);
    }

    [Theory]
    [InlineData("", ServerFixture.Password, "username-problem")]
    [InlineData("   ", ServerFixture.Password, "username-problem")]
    [InlineData("alice", "", "password-problem")]
    public async Task What_is_missing_is_said_beside_the_field(string userName, string password, string problem)
    {
        using var browser = server.NewBrowser();
        await browser.GoAsync("/signin");

        var answer = await browser.SignInAsync(userName, password);

        Assert.Equal(400, answer.Status);
        Assert.NotNull(browser.Page.QuerySelector($"#{problem}"));
        Assert.Equal(problem, browser.Page.QuerySelector("[aria-invalid=true]")!.GetAttribute("aria-describedby"));
        Assert.StartsWith("Problem:", browser.Page.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/account/password", "/account/password")]
    [InlineData("//evil.example", "/account")]
    [InlineData("/\\evil.example", "/account")]
    [InlineData("/\t/evil.example", "/account")]
    [InlineData("/%09/evil.example", "/account")]
    [InlineData("https:evil.example", "/account")]
    [InlineData("https://evil.example/account", "/account")]
    [InlineData("%2f%2fevil.example", "/account")]
    [InlineData("~//evil.example", "/account")]
    [InlineData("javascript:alert(1)", "/account")]
    [InlineData("data:text/html,x", "/account")]
    [InlineData("/\u2028/evil.example", "/account")]
    [InlineData("/\uff0fevil.example", "/account")]
    [InlineData("", "/account")]
    [Case(281)]
    public async Task Only_a_path_of_ours_is_gone_to_afterwards(string returnUrl, string expected)
    {
        using var browser = server.NewBrowser();
        await browser.GoAsync("/signin?returnUrl=" + Uri.EscapeDataString(returnUrl));

        await browser.SignInAsync("alice", ServerFixture.Password);

        // A path such as /%09/evil is one of ours that does not exist.
        Assert.Null(browser.LeftTo);
        if (!returnUrl.StartsWith("/%", StringComparison.Ordinal))
        {
            Assert.Equal(expected, browser.Address.AbsolutePath);
        }
    }

    [Fact]
    public async Task The_login_hint_is_filled_in_and_an_overlong_one_is_not()
    {
        var client = server.Register(TestClients.Public());
        using var browser = server.NewBrowser();

        await browser.GoAsync(client.AuthorizeAddress(("login_hint", "\"><b>alice")));
        var hinted = browser.FieldsOf("#signin")["username"];
        await browser.GoAsync(client.AuthorizeAddress(("login_hint", new string('a', 300))));

        Assert.Equal("\"><b>alice", hinted);
        Assert.Null(browser.Page.QuerySelector("main b"));
        Assert.Equal(string.Empty, browser.FieldsOf("#signin")["username"]);
    }

    [Fact]
    public async Task Who_has_to_prove_it_once_more_finds_their_name_and_who_wants_another_account_does_not()
    {
        var client = server.Register(TestClients.Public());
        using var browser = await server.SignInAsync("alice");

        await browser.GoAsync(client.AuthorizeAddress(("prompt", "login")));
        var again = browser.FieldsOf("#signin")["username"];
        await browser.GoAsync(client.AuthorizeAddress(("prompt", "select_account")));
        await browser.GoAsync(browser.Page.QuerySelector("#other-account")!.GetAttribute("href")!);

        Assert.Equal(("alice", string.Empty), (again, browser.FieldsOf("#signin")["username"]));
    }

    [Fact]
    [Case(29)]
    public async Task Who_cancels_is_back_at_the_client_with_access_denied()
    {
        var client = server.Register(TestClients.Public());
        using var browser = server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());

        await browser.SendFormAsync("#signin", ("decision", "deny"));

        var response = Flows.Parameters(browser.LeftTo!);
        Assert.Equal(("access_denied", Flows.State, ServerFixture.Issuer), (response["error"], response["state"], response["iss"]));
        Assert.Null(browser.SessionCookie());
    }

    [Fact]
    [Case(271)]
    public async Task When_too_many_sign_in_at_once_some_are_asked_to_come_back_and_tokens_go_on()
    {
        using var small = ServerFixture.With("""{ "Accounts": { "password_hashing_workers": 1, "password_hashing_queue": 1 } }""");
        var browsers = Enumerable.Range(0, 30).Select(_ => small.NewBrowser()).ToList();
        await Task.WhenAll(browsers.Select(browser => browser.GoAsync("/signin")));

        var storm = browsers.Select(browser => browser.SignInAsync("alice", ServerFixture.Password)).ToList();
        var tokens = await small.PostAsync("/connect/token", small.Register(TestClients.Worker()), ("grant_type", "client_credentials"));
        var answers = await Task.WhenAll(storm);

        Assert.Equal(200, tokens.Status);
        Assert.Contains(answers, answer => answer.Status is 200);
        var refused = browsers.Where(browser => browser.Current!.Status is 503).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, browser => Assert.Equal("5", browser.Current!.Header("Retry-After")));
        Assert.All(refused, browser => Assert.Equal("alice", browser.FieldsOf("#signin")["username"]));
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task A_password_hashed_by_Identity_itself_works_and_is_hashed_anew()
    {
        var id = await AddAsync("imported-person", password: null);
        await ChangeAsync(id, account => account.PasswordHash = new PasswordHasher<Account>().HashPassword(account, ServerFixture.Password));
        using var browser = server.NewBrowser();
        await browser.GoAsync("/signin");

        await browser.SignInAsync("imported-person", ServerFixture.Password);

        Assert.Equal("/account", browser.Address.AbsolutePath);
        await ChangeAsync(id, account => Assert.StartsWith("$argon2id$", account.PasswordHash, StringComparison.Ordinal));
        await browser.GoAsync("/signout");
        await browser.SendFormAsync("#signout", ("decision", "signout"));
        await browser.GoAsync("/signin");
        await browser.SignInAsync("imported-person", ServerFixture.Password);
        Assert.Equal("/account", browser.Address.AbsolutePath);
    }

    [Fact]
    [Case(422)]
    public async Task No_password_and_no_unknown_name_is_logged()
    {
        await AttemptAsync("a-secret-typed-as-name", "a-secret-typed-as-password");

        Assert.DoesNotContain("a-secret-typed", server.Logs.AllText, StringComparison.Ordinal);
    }

    /// <summary>Everything that can be seen of a refused sign-in: status, headers and page, less what was typed and what is random.</summary>
    private async Task<string> AttemptAsync(string userName, string password)
    {
        using var browser = server.NewBrowser();
        await browser.GoAsync("/signin");
        var answer = await browser.SignInAsync(userName, password);
        var headers = answer.Headers.Where(header => header.Key is not "Date").Select(header => $"{header.Key}: {string.Join(',', header.Value)}");
        var token = browser.FieldsOf("#signin")["__RequestVerificationToken"];
        var page = browser.Page;
        page.QuerySelector("#username")!.RemoveAttribute("value");
        var html = page.DocumentElement.OuterHtml.Replace(token, "TOKEN", StringComparison.Ordinal);
        return $"{answer.Status}\n{string.Join('\n', headers)}\n{html}";
    }

    private async Task<string> AddAsync(string userName, string? password, Action<Account>? change = null)
    {
        using var scope = server.Services.CreateScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var account = Account.Create(userName, userName + "@example.com", server.Clock.GetUtcNow());
        account.EmailConfirmed = true;
        account.PasswordHash = password is null
            ? null
            : scope.ServiceProvider.GetRequiredService<IPasswordHasher<Account>>().HashPassword(account, password);
        change?.Invoke(account);
        Assert.True((await users.CreateAsync(account)).Succeeded);
        return account.Id;
    }

    private async Task ChangeAsync(string id, Action<Account> change)
    {
        using var scope = server.Services.CreateScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var account = await users.FindByIdAsync(id);
        change(account!);
        Assert.True((await users.UpdateAsync(account!)).Succeeded);
    }
}
