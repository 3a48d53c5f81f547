using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Pages;

public sealed class DevicePageTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Wrong = "BBBB-BBBB";

    private readonly Client _device = server.Register(TestClients.Device());

    [Fact]
    public async Task Who_is_not_signed_in_signs_in_first_and_comes_back_with_the_code()
    {
        using var browser = server.NewBrowser();
        var asked = await server.RequestDeviceAsync(_device);

        await browser.GoAsync(asked.Text("verification_uri_complete"));
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        Assert.DoesNotContain("Terminal", browser.Current!.Body, StringComparison.Ordinal); // a stranger learns nothing of the code
        Assert.Contains("to connect a device", browser.Current.Body, StringComparison.Ordinal);
        await browser.SubmitAsync("signin", ("username", "alice"), ("password", ServerFixture.Password));

        Assert.Equal("/device", browser.Address.AbsolutePath);
        Assert.Equal(asked.Text("user_code"), browser.Page.QuerySelector("#code")!.TextContent);
    }

    [Fact]
    [Case(125)]
    [Clause("RFC 8628", "3.3.1", "The server SHOULD display the user_code to the user and ask them to verify that it matches the user_code being displayed on the device")]
    public async Task Complete_address_shows_code_client_and_scopes_and_approves_nothing()
    {
        using var browser = await server.SignInAsync("alice");
        var asked = await server.RequestDeviceAsync(_device);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await browser.GoAsync(asked.Text("verification_uri_complete"))).Status);
        }

        var page = browser.Page;
        Assert.Equal(asked.Text("user_code"), page.QuerySelector("#code")!.TextContent);
        Assert.Equal("Terminal", page.QuerySelector(".client-name")!.TextContent);
        Assert.Equal(["openid", "orders.read"], page.QuerySelectorAll("#scopes li").Select(line => line.GetAttribute("data-scope")));
        Assert.Equal(["allow", "deny"], page.QuerySelectorAll("#device-decision button").Select(button => button.GetAttribute("value")));
        await browser.GoAsync(asked.Text("verification_uri_complete") + "&decision=allow");
        await browser.GoAsync("/device?done=allowed");
        Assert.Equal((400, "authorization_pending"), (await server.PollAsync(_device, asked)).StatusAndError);
    }

    [Fact]
    [Case(127)]
    [Clause("RFC 8628", "5.4", "it is RECOMMENDED to inform the user that they are authorizing a device … and to confirm that the device is in their possession")]
    public async Task Asked_every_time_whatever_was_allowed_before_with_origin_and_warning()
    {
        using var browser = await server.SignInAsync("bob");
        var first = await server.RequestDeviceAsync(_device);
        await browser.ApproveDeviceAsync(first);

        var second = await server.RequestDeviceAsync(_device);
        await browser.GoAsync(second.Text("verification_uri_complete"));

        Assert.Equal((400, "authorization_pending"), (await server.PollAsync(_device, second)).StatusAndError);
        Assert.Contains("Asked just now", browser.Page.QuerySelector("#origin")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("somebody sent you this code", browser.Page.QuerySelector("#warning")!.TextContent, StringComparison.Ordinal);
        await browser.SubmitAsync("allow");
        Assert.Equal(200, (await server.PollAsync(_device, second)).Status);
    }

    [Fact]
    [Case(130)]
    public async Task Code_is_taken_however_it_is_typed_and_look_alikes_are_unknown()
    {
        using var browser = await server.SignInAsync("alice");
        var code = (await server.RequestDeviceAsync(_device)).Text("user_code");

        Assert.Equal(200, (await browser.EnterCodeAsync($"  {code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal)} ")).Status);
        Assert.NotNull(browser.Page.QuerySelector("#device-decision"));
        Assert.Equal(400, (await browser.EnterCodeAsync(code[..^1] + "0")).Status);
        Assert.Null(browser.Page.QuerySelector("#device-decision"));
    }

    [Fact]
    public async Task Unknown_expired_and_used_codes_give_one_answer()
    {
        using var own = new ServerFixture();
        var device = own.Register(TestClients.Device());
        using var browser = await own.SignInAsync("alice");
        var used = await own.RequestDeviceAsync(device);
        await browser.ApproveDeviceAsync(used);
        await own.PollAsync(device, used);
        var denied = await own.RequestDeviceAsync(device);
        await browser.DenyDeviceAsync(denied);
        var expired = await own.RequestDeviceAsync(device);
        own.Clock.Advance(TimeSpan.FromMinutes(10));

        var answers = new List<(int, string)>();
        foreach (var code in new[] { Wrong, used.Text("user_code"), denied.Text("user_code"), expired.Text("user_code") })
        {
            var answer = await browser.EnterCodeAsync(code);
            answers.Add((answer.Status, browser.Page.QuerySelector("main")!.TextContent));
        }

        Assert.Equal(400, answers[0].Item1);
        Assert.Single(answers.Distinct());
    }

    [Fact]
    [Clause("RFC 8628", "5.1", "The user code SHOULD have enough entropy that, when combined with rate-limiting and other mitigations, a brute-force attack becomes infeasible")]
    public async Task Guessing_ends_after_five_wrong_codes_even_in_a_new_session()
    {
        using var own = new ServerFixture();
        var device = own.Register(TestClients.Device());
        var asked = await own.RequestDeviceAsync(device);
        using var browser = await own.SignInAsync("alice");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(400, (await browser.EnterCodeAsync(Wrong)).Status);
        }

        using var again = await own.SignInAsync("alice");
        var refused = await again.EnterCodeAsync(asked.Text("user_code"));

        Assert.Equal(429, refused.Status);
        Assert.InRange(int.Parse(refused.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture), 1, 600);
        Assert.Equal(429, (await again.GoAsync(asked.Text("verification_uri_complete"))).Status);
        Assert.Null(again.Page.QuerySelector("#device-decision"));
        own.Clock.Advance(TimeSpan.FromMinutes(10));
        asked = await own.RequestDeviceAsync(device);
        Assert.Equal(200, (await again.EnterCodeAsync(asked.Text("user_code"))).Status);
    }

    [Fact]
    public async Task Sign_in_of_sixteen_minutes_ago_is_not_fresh_enough_to_see_or_to_decide()
    {
        using var own = new ServerFixture();
        var device = own.Register(TestClients.Device());
        using var browser = await own.SignInAsync("alice");
        own.Clock.Advance(TimeSpan.FromMinutes(8));
        var asked = await own.RequestDeviceAsync(device);
        Assert.Equal(200, (await browser.EnterCodeAsync(asked.Text("user_code"))).Status);
        own.Clock.Advance(TimeSpan.FromMinutes(8));

        await browser.SubmitAsync("allow");

        Assert.Equal("/signin", browser.Address.AbsolutePath);
        Assert.Equal((400, "authorization_pending"), (await own.PollAsync(device, asked)).StatusAndError);
        await browser.SubmitAsync("signin", ("username", "alice"), ("password", ServerFixture.Password));
        Assert.Equal("/device", browser.Address.AbsolutePath);
        await browser.SubmitAsync("allow");
        Assert.Equal(200, (await own.PollAsync(device, asked)).Status);
    }

    [Fact]
    public async Task Decision_of_another_person_than_was_asked_is_asked_again()
    {
        using var browser = await server.SignInAsync("alice");
        var asked = await server.RequestDeviceAsync(_device);
        await browser.EnterCodeAsync(asked.Text("user_code"));
        var sid = browser.Page.QuerySelector("input[name=session]")!.GetAttribute("value")!;
        await browser.GoAsync("/signin?fresh=true");
        await browser.SubmitAsync("signin", ("username", "bob"), ("password", ServerFixture.Password));
        await browser.EnterCodeAsync(asked.Text("user_code"));

        var answer = await browser.SubmitAsync("allow", ("session", sid));

        Assert.Equal(200, answer.Status);
        Assert.NotNull(browser.Page.QuerySelector("#device-decision"));
        Assert.Equal((400, "authorization_pending"), (await server.PollAsync(_device, asked)).StatusAndError);
    }

    [Fact]
    public async Task Form_without_its_token_or_from_another_site_decides_nothing()
    {
        using var browser = await server.SignInAsync("alice");
        var asked = await server.RequestDeviceAsync(_device);
        await browser.EnterCodeAsync(asked.Text("user_code"));
        var sid = browser.Page.QuerySelector("input[name=session]")!.GetAttribute("value")!;

        var answer = await browser.PostAsync(
            "/device", [new("user_code", asked.Text("user_code")), new("session", sid), new("decision", "allow")]);

        Assert.Equal(403, answer.Status);
        Assert.Equal((400, "authorization_pending"), (await server.PollAsync(_device, asked)).StatusAndError);
    }

    [Fact]
    public async Task Decided_twice_counts_once()
    {
        using var browser = await server.SignInAsync("alice");
        using var other = await server.SignInAsync("alice");
        var asked = await server.RequestDeviceAsync(_device);
        await browser.EnterCodeAsync(asked.Text("user_code"));
        await other.EnterCodeAsync(asked.Text("user_code"));

        await browser.SubmitAsync("deny");
        Assert.Contains("got no access", browser.Current!.Body, StringComparison.Ordinal);
        Assert.Equal(400, (await other.SubmitAsync("allow")).Status);

        Assert.Equal((400, "access_denied"), (await server.PollAsync(_device, asked)).StatusAndError);
    }

    [Fact]
    public async Task Approved_device_is_listed_in_the_account_and_its_access_can_be_removed()
    {
        using var browser = await server.SignInAsync("alice");
        var asked = await server.RequestDeviceAsync(_device, ("scope", "openid offline_access orders.read"));
        await browser.ApproveDeviceAsync(asked);
        var tokens = await server.PollAsync(_device, asked);

        await browser.GoAsync("/account/applications");
        var form = browser.Page.QuerySelector($"li[data-client='{_device.ClientId}'] form")!;
        var fields = form.QuerySelectorAll("input").ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value")!);
        await browser.PostAsync(form.GetAttribute("action")!, fields);

        Assert.False(await server.IsActiveAsync(tokens.AccessToken));
        Assert.Equal((400, "invalid_grant"), (await server.RefreshAsync(_device, tokens.RefreshToken)).StatusAndError);
    }

    [Fact]
    public async Task Under_a_path_the_way_through_the_sign_in_stays_under_it()
    {
        using var own = ServerFixture.With("""{ "Issuer": "https://id.example/tenant" }""");
        var device = own.Register(TestClients.Device());
        var asked = await own.PostAsync("/tenant/connect/deviceauthorization", device, ("scope", "openid"));
        using var browser = own.NewBrowser();

        await browser.GoAsync(asked.Text("verification_uri_complete"));
        await browser.SubmitAsync("signin", ("username", "alice"), ("password", ServerFixture.Password));
        Assert.Equal("/tenant/device", browser.Address.AbsolutePath);
        await browser.SubmitAsync("allow");

        Assert.Equal("https://id.example/tenant/device?done=allowed", browser.Address.ToString());
    }

    [Fact]
    [Case(284)]
    public async Task Page_is_not_kept_not_framed_and_loads_nothing_from_elsewhere()
    {
        using var browser = await server.SignInAsync("alice");

        var answer = await browser.GoAsync("/device");

        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
        Assert.Contains("frame-ancestors 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Empty(browser.Page.QuerySelectorAll("script"));
    }
}
