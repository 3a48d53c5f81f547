using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Pages;

public sealed class PageFlowTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private Client Asking => server.Register(TestClients.Public() with { RequireConsent = true });

    public static TheoryData<string> FlowPages => ["/signin", "/register", "/select-account", "/consent"];

    [Theory]
    [MemberData(nameof(FlowPages))]
    [Case(23)]
    public async Task A_flow_of_another_browser_is_not_gone_on_with(string page)
    {
        using var victim = server.NewBrowser();
        await victim.GoAsync(Asking.AuthorizeAddress());
        using var thief = await server.SignInAsync("bob");

        var answer = await thief.GoAsync(page + victim.Address.Query);

        AssertStartAgain(thief, answer);
        await victim.SignInAsync("alice", ServerFixture.Password);
        Assert.Equal("/consent", victim.Address.AbsolutePath);
    }

    [Theory]
    [MemberData(nameof(FlowPages))]
    public async Task A_flow_that_was_altered_or_never_ours_is_not_gone_on_with(string page)
    {
        using var browser = await server.SignInAsync("alice");
        await browser.GoAsync(Asking.AuthorizeAddress());
        var flow = browser.Address.Query["?flow=".Length..];
        var flipped = flow[50] == 'A' ? 'B' : 'A';

        foreach (var bad in new[] { flow[..50] + flipped + flow[51..], flow[..30], "x", "", "%00", new string('A', 5000) })
        {
            AssertStartAgain(browser, await browser.GoAsync(page + "?flow=" + bad), mayBeAnotherProblem: bad.Length is 0);
        }
    }

    [Fact]
    public async Task A_flow_ends_after_its_time()
    {
        using var own = new ServerFixture();
        using var browser = own.NewBrowser();
        await browser.GoAsync(own.Register(TestClients.Public()).AuthorizeAddress());
        own.Clock.Advance(TimeSpan.FromMinutes(60));

        AssertStartAgain(browser, await browser.SignInAsync("alice", ServerFixture.Password));
        Assert.Null(browser.SessionCookie());
    }

    [Fact]
    public async Task A_flow_of_a_client_that_was_disabled_meanwhile_ends()
    {
        var client = Asking;
        using var browser = server.NewBrowser();
        await browser.GoToConsentAsync(client);
        server.Register(client with { Enabled = false });

        AssertStartAgain(browser, await browser.SendFormAsync("#consent", ("decision", "allow")));
    }

    [Fact]
    [Case(25)]
    [Clause("RFC 6749", "10.5", "Authorization codes MUST be short lived and single-use.")]
    public async Task A_form_sent_again_after_the_code_was_issued_gives_no_second_code()
    {
        using var browser = server.NewBrowser();
        await browser.GoAsync(Asking.AuthorizeAddress());
        var (signInAddress, signIn) = (browser.Address.ToString(), browser.FieldsOf("#signin"));
        await browser.SignInAsync("alice", ServerFixture.Password);
        var (consentAddress, consent) = (browser.Address.ToString(), browser.FieldsOf("#consent"));
        await browser.SendFormAsync("#consent", ("decision", "allow"));
        Assert.NotNull(browser.LeftTo);
        (signIn["username"], signIn["password"], signIn["decision"], consent["decision"]) = ("alice", ServerFixture.Password, "signin", "allow");

        AssertStartAgain(browser, await browser.PostAsync(consentAddress, consent));
        AssertStartAgain(browser, await browser.PostAsync(signInAddress, signIn));
        AssertStartAgain(browser, await browser.GoAsync(consentAddress));
        AssertStartAgain(browser, await browser.GoAsync("/connect/authorize?idp_flow=" + consentAddress.Split("flow=")[1]));
    }

    [Fact]
    public async Task Two_flows_in_two_tabs_do_not_disturb_each_other()
    {
        var (one, other) = (Asking, Asking);
        using var browser = server.NewBrowser();
        await browser.GoAsync(one.AuthorizeAddress());
        var first = browser.Address.ToString();
        await browser.GoAsync(other.AuthorizeAddress());
        var second = browser.Address.ToString();

        await browser.GoAsync(first);
        await browser.SignInAsync("alice", ServerFixture.Password);
        await browser.SendFormAsync("#consent", ("decision", "allow"));
        var firstLeft = browser.LeftTo;
        await browser.GoAsync(second);
        await browser.SignInAsync("alice", ServerFixture.Password);
        await browser.SendFormAsync("#consent", ("decision", "allow"));

        Assert.Contains("code", Flows.Parameters(firstLeft!).Keys);
        Assert.Contains("code", Flows.Parameters(browser.LeftTo!).Keys);
    }

    [Fact]
    public async Task Many_unfinished_flows_push_out_the_oldest()
    {
        var client = Asking;
        using var browser = server.NewBrowser();
        var flows = new List<string>();
        for (var i = 0; i < 22; i++)
        {
            await browser.GoAsync(client.AuthorizeAddress());
            flows.Add(browser.Address.ToString());
        }

        Assert.InRange(browser.Cookies.GetAllCookies().Count(cookie => cookie.Name.StartsWith("__Host-idp-flow-", StringComparison.Ordinal)), 1, 20);
        AssertStartAgain(browser, await browser.GoAsync(flows[0]));
        await browser.GoAsync(flows[^1]);
        Assert.Equal("/signin", browser.Address.AbsolutePath);
    }

    [Fact]
    [Clause("OIDC Core", "3.1.2.1", "The Authorization Server SHOULD prompt the End-User to select a user account.")]
    public async Task The_account_is_chosen_or_another_one_signs_in()
    {
        var client = server.Register(TestClients.Public());
        using var browser = await server.SignInAsync("alice");
        await browser.GoAsync(client.AuthorizeAddress(("prompt", "select_account")));
        Assert.Equal("/select-account", browser.Address.AbsolutePath);
        var address = browser.Address.ToString();
        await browser.SendFormAsync("#select-account", ("decision", "continue"));
        var chosen = browser.LeftTo;

        await browser.GoAsync(client.AuthorizeAddress(("prompt", "select_account")));
        await browser.GoAsync(browser.Page.QuerySelector("#other-account")!.GetAttribute("href")!);
        await browser.SignInAsync("bob", ServerFixture.Password);

        Assert.Contains("code", Flows.Parameters(chosen!).Keys);
        Assert.Contains("code", Flows.Parameters(browser.LeftTo!).Keys);
        AssertStartAgain(browser, await browser.GoAsync(address));
        await browser.GoAsync("/account");
        Assert.Contains("bob", browser.Text("main"), StringComparison.Ordinal);
    }

    private static void AssertStartAgain(Browser browser, Answer answer, bool mayBeAnotherProblem = false)
    {
        Assert.Null(browser.LeftTo);
        if (mayBeAnotherProblem)
        {
            Assert.NotEqual(500, answer.Status);
            return;
        }

        Assert.Equal((400, "Please start again"), (answer.Status, browser.Text("h1")));
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Empty(browser.Page.QuerySelectorAll("form"));
        Assert.NotEmpty(browser.Text("#error-id"));
    }
}
