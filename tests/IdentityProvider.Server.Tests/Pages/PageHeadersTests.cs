using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Pages;

public sealed class PageHeadersTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Policy =
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

    /// <summary>Of pages with passkeys, which run a script of ours.</summary>
    private static readonly string ScriptPolicy =
        Policy.Replace("form-action", "script-src 'self'; connect-src 'self'; form-action", StringComparison.Ordinal);

    [Theory]
    [InlineData("/", 200)]
    [InlineData("/signin", 200)]
    [InlineData("/register", 200)]
    [InlineData("/signed-out", 200)]
    [InlineData("/account", 200)]
    [InlineData("/account/password", 200)]
    [InlineData("/account/profile", 200)]
    [InlineData("/account/sessions", 200)]
    [InlineData("/account/applications", 200)]
    [InlineData("/account/history", 200)]
    [InlineData("/account/data", 200)]
    [InlineData("/account/closed?done=deleted", 200)]
    [InlineData("/account/closed", 404)]
    [InlineData("/signout", 200)]
    [InlineData("/signin?flow=x", 400)]
    [InlineData("/consent", 400)]
    [InlineData("/account/x.css", 404)]
    [InlineData("/nothing/here", 404)]
    [InlineData("/%2e%2e/appsettings.json", 404)]
    [InlineData("/.git/config", 404)]
    [InlineData("/connect/authorize?client_id=nobody", 400)]
    [Case(284)]
    [Case(379)]
    [Case(380)]
    [Case(428)]
    public async Task Every_page_is_ours_alone_and_kept_nowhere(string address, int status)
    {
        using var browser = address is "/signin" ? server.NewBrowser() : await server.SignInAsync("alice");

        AssertHeaders(await browser.GoAsync(address), status, address is "/signin" ? ScriptPolicy : Policy);
    }

    [Fact]
    [Case(428)]
    public async Task A_page_of_a_flow_allows_the_scheme_of_the_way_back_and_no_more()
    {
        using var browser = server.NewBrowser();
        var web = await browser.GoAsync(server.Register(TestClients.Public()).AuthorizeAddress());
        var native = server.Register(TestClients.Public() with { RedirectUris = ["com.example.app:/cb"], ApplicationType = "native" });
        var app = await browser.GoAsync(native.AuthorizeAddress(("redirect_uri", "com.example.app:/cb")));

        Assert.Equal(ScriptPolicy.Replace("form-action 'self'", "form-action 'self' https:", StringComparison.Ordinal), web.Header("Content-Security-Policy"));
        Assert.Equal(
            ScriptPolicy.Replace("form-action 'self'", "form-action 'self' com.example.app:", StringComparison.Ordinal),
            app.Header("Content-Security-Policy"));
    }

    [Fact]
    [Clause("OAuth Form Post", "2", "the Authorization Response parameters are encoded as HTML form values that are auto-submitted")]
    public async Task A_form_post_answer_is_escaped_and_sent_on_by_our_own_script()
    {
        const string State = "\"><script>alert(1)</script>&amp;'";
        var client = server.Register(TestClients.Public());
        using var browser = await server.SignInAsync("alice");

        var answer = await browser.GoAsync(client.AuthorizeAddress(("response_mode", ResponseModes.FormPost), ("state", State)));

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            Policy.Replace("form-action 'self'", "script-src 'self'; form-action 'self' https:", StringComparison.Ordinal),
            answer.Header("Content-Security-Policy"));
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
        var form = browser.Page.QuerySelector("form")!;
        Assert.Equal((TestClients.Callback, "post"), (form.GetAttribute("action"), form.GetAttribute("method")));
        Assert.Equal(State, browser.FieldsOf("form")["state"]);
        Assert.Equal(["code", "iss", "session_state", "state"], browser.FieldsOf("form").Keys.Order(StringComparer.Ordinal));
        Assert.StartsWith("/js/form-post.js?v=", Assert.Single(browser.Page.QuerySelectorAll("script")).GetAttribute("src"), StringComparison.Ordinal);
        Assert.NotNull(form.QuerySelector("button"));
    }

    [Theory]
    [InlineData("/css/pages.css", "text/css; charset=utf-8")]
    [InlineData("/js/form-post.js", "text/javascript; charset=utf-8")]
    [InlineData("/favicon.svg", "image/svg+xml")]
    public async Task Assets_are_kept_for_a_year_under_their_version_only(string path, string contentType)
    {
        var plain = await server.GetAsync(path);
        var versioned = await server.GetAsync(path + "?v=" + plain.Header("ETag")!.Trim('"'));

        Assert.Equal((200, contentType), (plain.Status, plain.Header("Content-Type")));
        Assert.Equal("public, max-age=3600", plain.Header("Cache-Control"));
        Assert.Contains("max-age=31536000", versioned.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal("nosniff", plain.Header("X-Content-Type-Options"));
        Assert.Equal(plain.Bytes, versioned.Bytes);
    }

    [Fact]
    [Case(433)]
    public async Task No_page_loads_anything_from_elsewhere()
    {
        using var browser = server.NewBrowser();
        await browser.GoAsync("/signin");

        var loaded = browser.Page.QuerySelectorAll("[src], link[href]")
            .Select(element => element.GetAttribute("src") ?? element.GetAttribute("href")!);

        Assert.All(loaded, address => Assert.Matches("^/[a-z]", address));
        Assert.Empty(browser.Page.QuerySelectorAll("[style], style, script:not([src]), [onclick], [onload]"));
    }

    [Theory]
    [InlineData("error=server_error&error_description=<b>pwned</b>&message=pwned")]
    [Case(365)]
    public async Task Error_pages_reflect_nothing(string query)
    {
        using var browser = server.NewBrowser();

        var answers = new[]
        {
            await browser.GoAsync("/signin?flow=pwned&" + query),
            await browser.GoAsync("/pwned?" + query),
            await browser.GoAsync("/connect/authorize?client_id=pwned&" + query),
        };

        Assert.All(answers, answer => Assert.DoesNotContain("pwned", answer.Body, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PUT", "/account", 405, "GET, HEAD, POST")]
    [InlineData("DELETE", "/account/sessions", 405, "GET, HEAD, POST")]
    [InlineData("PATCH", "/signin", 405, "GET, HEAD, POST")]
    [InlineData("TRACE", "/account/password", 405, "GET, HEAD, POST")]
    [InlineData("POST", "/account/history", 405, "GET, HEAD")]
    [InlineData("POST", "/signed-out", 405, "GET, HEAD")]
    [InlineData("POST", "/account/data", 404, null)]
    [InlineData("POST", "/account?handler=Nothing", 404, null)]
    [InlineData("POST", "/signin/passkey/offer", 404, null)]
    [Clause("RFC 9110", "15.5.6", "The origin server MUST generate an Allow header field in a 405 response")]
    public async Task A_page_is_written_by_its_handlers_alone(string method, string address, int status, string? allowed)
    {
        using var browser = await server.SignInAsync("alice");
        await browser.GoAsync("/account/profile");
        using var request = new HttpRequestMessage(new HttpMethod(method), ServerFixture.Issuer + address)
        {
            Content = new FormUrlEncodedContent(browser.FieldsOf("main form")),
        };

        var answer = await browser.SendAsync(request);

        Assert.Equal((status, allowed), (answer.Status, answer.Header("Allow")));
        Assert.DoesNotContain("alice", answer.Body, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("application/json", "{}", 415)]
    [InlineData("multipart/form-data; boundary=x", "--x--", 415)]
    [InlineData("application/x-www-form-urlencoded", "username=a%00b", 400)]
    [Case(376)]
    [Case(377)]
    public async Task A_body_that_is_no_form_of_ours_is_not_read(string contentType, string body, int status)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/signin") { Content = new StringContent(body) };
        request.Content.Headers.Remove("Content-Type");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        Assert.Equal(status, (await server.SendAsync(request)).Status);
    }

    [Fact]
    [Case(271)]
    [Case(374)]
    public async Task A_body_of_a_megabyte_is_refused()
    {
        var fields = new FormUrlEncodedContent([KeyValuePair.Create("username", "alice"), KeyValuePair.Create("password", new string('x', 1_000_000))]);

        Assert.Equal(413, (await server.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/signin") { Content = fields })).Status);
    }

    private static void AssertHeaders(Answer answer, int status, string policy)
    {
        Assert.Equal(status, answer.Status);
        Assert.Equal(policy, answer.Header("Content-Security-Policy"));
        Assert.Equal("DENY", answer.Header("X-Frame-Options"));
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
        Assert.Equal("same-origin", answer.Header("Cross-Origin-Opener-Policy"));
        Assert.Equal("max-age=31536000; includeSubDomains", answer.Header("Strict-Transport-Security"));
        Assert.Contains("camera=()", answer.Header("Permissions-Policy"), StringComparison.Ordinal);
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal("text/html; charset=utf-8", answer.Header("Content-Type"));
    }
}
