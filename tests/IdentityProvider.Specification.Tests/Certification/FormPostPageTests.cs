using IdentityProvider.Testing;

namespace IdentityProvider.Specification.Tests.Certification;

/// <summary>The page of OAuth 2.0 Form Post Response Mode, beside what <see cref="FormPostBasicPlanTests"/> sees of it.</summary>
public sealed class FormPostPageTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    [Case(56)]
    public async Task Response_is_a_form_with_a_button_and_without_inline_script()
    {
        var client = server.Register(TestClients.Confidential());
        using var browser = server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress(("response_mode", "form_post"), ("state", "\"><script>alert(1)</script>")));
        var page = await browser.SubmitAsync("signin", ("username", "alice"), ("password", ServerFixture.Password));

        Assert.Equal(200, page.Status);
        Assert.Contains("no-store", page.Header("Cache-Control"), StringComparison.Ordinal);
        var form = browser.Page.QuerySelector("form")!;
        Assert.Equal(TestClients.Callback, form.GetAttribute("action"));
        Assert.Equal("post", form.GetAttribute("method"));
        Assert.NotNull(form.QuerySelector("button"));
        var values = form.QuerySelectorAll("input").ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value")!, StringComparer.Ordinal);
        Assert.Equal("\"><script>alert(1)</script>", values["state"]);
        Assert.Equal(ServerFixture.Issuer, values["iss"]);
        Assert.All(browser.Page.Scripts, script => Assert.NotNull(script.Source));
        Assert.Equal(200, (await server.RedeemAsync(client, values["code"])).Status);
    }

    [Theory]
    [InlineData("prompt", "none", "login_required")]
    [InlineData("response_type", null, "invalid_request")]
    public async Task Errors_come_as_forms_too(string name, string? value, string error)
    {
        using var browser = server.NewBrowser();

        await browser.GoAsync(server.Register(TestClients.Confidential()).AuthorizeAddress(("response_mode", "form_post"), (name, value)));

        Assert.Equal(error, browser.Page.QuerySelector("input[name=error]")!.GetAttribute("value"));
        Assert.Equal(Flows.State, browser.Page.QuerySelector("input[name=state]")!.GetAttribute("value"));
    }
}
