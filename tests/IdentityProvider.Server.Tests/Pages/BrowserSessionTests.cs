using IdentityProvider.Accounts;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Pages;

public sealed class BrowserSessionTests : IDisposable
{
    private readonly ServerFixture _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    [Case(425)]
    public async Task The_cookies_belong_to_this_host_alone_and_no_script_reads_the_session()
    {
        using var browser = _server.NewBrowser();
        await browser.GoAsync(_server.Register(TestClients.Public()).AuthorizeAddress());
        var flow = browser.Cookies.GetAllCookies().Single(cookie => cookie.Name.StartsWith("__Host-idp-flow-", StringComparison.Ordinal));
        var form = browser.Cookies.GetAllCookies()["__Host-idp-forms"];
        await browser.SendOnceAsync(Post(browser, browser.Address, "alice"));

        var all = browser.Current!.Headers.GetValues("Set-Cookie").ToList();
        var set = Assert.Single(all, cookie => cookie.StartsWith("__Host-idp-session=", StringComparison.Ordinal));
        var device = Assert.Single(all, cookie => cookie.StartsWith("__Host-idp-device-", StringComparison.Ordinal));
        var language = Assert.Single(all, cookie => cookie.StartsWith("__Host-idp-language=", StringComparison.Ordinal));
        var state = Assert.Single(all.Except([set, device, language]));
        Assert.Matches("^__Host-idp-language=en; max-age=31536000; path=/; secure; samesite=lax(; httponly)?$", language);
        Assert.Matches("^__Host-idp-browser-state=[A-Za-z0-9_-]{43}; path=/; secure; samesite=lax$", state);
        Assert.Matches("^__Host-idp-session=[A-Za-z0-9_-]+; path=/; secure; samesite=lax; httponly$", set);
        Assert.Matches("^__Host-idp-device-[0-9A-F]{16}=[A-Za-z0-9_-]{64}; max-age=34560000; path=/; secure; samesite=lax; httponly$", device);
        Assert.True(set.Length < 4096);
        Assert.All([flow, form!], cookie => Assert.True(cookie.Secure && cookie.HttpOnly && cookie.Path is "/"));
    }

    [Fact]
    public async Task Only_keep_me_signed_in_outlives_the_browser()
    {
        using var browser = _server.NewBrowser();
        await browser.GoAsync("/signin");

        await browser.SendOnceAsync(Post(browser, browser.Address, "alice", ("remember", "true")));

        Assert.All(
            browser.Current!.Headers.GetValues("Set-Cookie").Where(IsOfTheSession),
            cookie => Assert.Contains("max-age=2592000", cookie, StringComparison.Ordinal));
    }

    /// <summary>Not the browser's device mark and language, which say nothing about who is signed in.</summary>
    private static bool IsOfTheSession(string cookie) =>
        !cookie.StartsWith("__Host-idp-device-", StringComparison.Ordinal) && !cookie.StartsWith("__Host-idp-language=", StringComparison.Ordinal);

    [Fact]
    [Case(257)]
    public async Task Each_sign_in_makes_a_new_handle_and_the_old_one_is_worthless()
    {
        var client = _server.Register(TestClients.Public());
        using var browser = await _server.SignInAsync("alice");
        var before = browser.SessionCookie()!;
        await browser.GoAsync("/account/sessions");
        var sid = browser.Page.QuerySelector("[data-session]")!.GetAttribute("data-session");
        await browser.GoAsync(client.AuthorizeAddress(("prompt", "login")));
        await browser.SignInAsync("alice", ServerFixture.Password);
        using var thief = _server.NewBrowser();
        thief.SetCookie("__Host-idp-session", before);

        await thief.GoAsync("/account");
        await browser.GoAsync("/account/sessions");

        Assert.NotEqual(before, browser.SessionCookie());
        Assert.Equal("/signin", thief.Address.AbsolutePath);
        Assert.Equal(sid, browser.Page.QuerySelector("[data-session]")!.GetAttribute("data-session"));
    }

    [Fact]
    [Case(278)]
    public async Task Another_person_does_not_take_over_the_session()
    {
        var client = _server.Register(TestClients.Public());
        using var browser = await _server.SignInAsync("alice");
        var before = browser.SessionCookie()!;
        await browser.GoAsync("/account/sessions");
        var sid = browser.Page.QuerySelector("[data-session]")!.GetAttribute("data-session");

        await browser.GoAsync(client.AuthorizeAddress(("prompt", "login")));
        await browser.SignInAsync("bob", ServerFixture.Password);
        await browser.GoAsync("/account");
        var account = browser.Text("main");
        await browser.GoAsync("/account/sessions");
        using var old = _server.NewBrowser();
        old.SetCookie("__Host-idp-session", before);
        await old.GoAsync("/account");

        Assert.NotEqual(sid, Assert.Single(browser.Page.QuerySelectorAll("[data-session]")).GetAttribute("data-session"));
        Assert.Contains("bob", account, StringComparison.Ordinal);
        Assert.Equal("/signin", old.Address.AbsolutePath);
    }

    [Fact]
    [Case(274)]
    public async Task A_cookie_that_is_not_ours_is_as_good_as_none()
    {
        using var browser = await _server.SignInAsync("alice");
        var good = browser.SessionCookie()!;
        using var bob = await _server.SignInAsync("bob");
        var flipped = good[40] == 'A' ? 'B' : 'A';
        string[] bad =
        [
            good[..40] + flipped + good[41..], good[..20], good + good, "AAAA" + good[4..], new string('A', 4000), "x", "%00", "☃", good[..(good.Length / 2)] + bob.SessionCookie()![(good.Length / 2)..],
        ];

        foreach (var value in bad)
        {
            using var visitor = _server.NewBrowser();
            var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(ServerFixture.Issuer), "/account"));
            request.Headers.TryAddWithoutValidation("Cookie", "__Host-idp-session=" + value);
            var answer = await visitor.SendOnceAsync(request);

            Assert.Equal((303, "/signin?returnUrl=/account"), (answer.Status, answer.Header("Location")));
        }
    }

    [Theory]
    [InlineData(false, 7, 59, 24)]
    [InlineData(true, 13 * 24, 59, 30 * 24)]
    [Case(275)]
    public async Task A_session_ends_when_it_lies_unused_and_when_its_time_is_over(bool remember, int hours, int minutes, int absoluteHours)
    {
        using var browser = _server.NewBrowser();
        await browser.GoAsync("/signin");
        await browser.SendFormAsync(
            "#signin", ("username", "alice"), ("password", ServerFixture.Password), ("remember", remember ? "true" : "false"), ("decision", "signin"));
        var signedIn = _server.Clock.GetUtcNow();
        using var other = await _server.SignInAsync("alice");

        // Used again and again just before the idle end, it lives; the other is never used.
        var step = new TimeSpan(hours, minutes, 0);
        while (_server.Clock.GetUtcNow() + step < signedIn.AddHours(absoluteHours))
        {
            _server.Clock.Advance(step);
            await browser.GoAsync("/account");
            Assert.Equal("/account", browser.Address.AbsolutePath);
        }

        await other.GoAsync("/account");
        _server.Clock.Advance(signedIn.AddHours(absoluteHours) - _server.Clock.GetUtcNow());
        await browser.GoAsync("/account");

        Assert.Equal("/signin", other.Address.AbsolutePath);
        Assert.Equal("/signin", browser.Address.AbsolutePath);
    }

    [Fact]
    [Case(37)]
    public async Task A_disabled_account_is_signed_out_at_once()
    {
        var client = _server.Register(TestClients.Public());
        using var browser = await _server.SignInAsync("alice");
        var subject = await SubjectAsync(client);
        await _server.Services.GetRequiredService<IAccountStateStore>().TryDisableAsync(subject, record: null, _server.Clock.GetUtcNow(), default);
        Assert.Null(await _server.Services.GetRequiredService<ISubjectDirectory>().FindAsync(subject, default));

        await browser.GoAsync("/account");
        var account = browser.Address.AbsolutePath;
        await browser.GoAsync(client.AuthorizeAddress(("prompt", "none")));

        Assert.Equal("/signin", account);
        Assert.Equal("login_required", Flows.Parameters(browser.LeftTo!)["error"]);
    }

    [Fact]
    public async Task Using_a_session_writes_at_most_once_a_minute()
    {
        using var browser = await _server.SignInAsync("alice");
        _server.Clock.Advance(TimeSpan.FromSeconds(59));

        var soon = await ServerFixture.CountStatementsAsync(() => browser.GoAsync("/"));
        _server.Clock.Advance(TimeSpan.FromSeconds(1));
        var later = await ServerFixture.CountStatementsAsync(() => browser.GoAsync("/"));

        Assert.Equal((1, 0), soon);
        Assert.Equal((1, 1), later);
    }

    private async Task<string> SubjectAsync(Protocol.Clients.Client client)
    {
        var tokens = await _server.GetTokensAsync(client);
        return (await _server.UserInfoAsync(tokens.AccessToken)).Json.GetProperty("sub").GetString()!;
    }

    private static HttpRequestMessage Post(Browser browser, Uri address, string userName, params (string Name, string Value)[] more)
    {
        var fields = browser.FieldsOf("#signin");
        (fields["username"], fields["password"], fields["decision"]) = (userName, ServerFixture.Password, "signin");
        foreach (var (name, value) in more)
        {
            fields[name] = value;
        }

        return new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(fields) };
    }
}
