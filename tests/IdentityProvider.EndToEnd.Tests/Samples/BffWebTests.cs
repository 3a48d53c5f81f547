using System.Net;
using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Samples;

/// <summary>The back end for a front end, in Chromium.</summary>
[Collection(SharedSamples.Name)]
public sealed class BffWebTests(SamplesFixture fixture)
{
    private const string IsOver = "async () => (await fetch('/bff/user', { headers: { 'X-BFF': '1' } })).status === 401";

    [Fact]
    public async Task Person_signs_in_orders_and_signs_out_and_the_browser_has_no_token()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await SignInAsync(visitor);
        Assert.Equal(fixture.Bff + "/", visitor.Page.Url);
        await visitor.OrderAsync("Lapsang <b>", 3);
        Assert.EndsWith(", Lapsang <b>, 3, bff-web", await visitor.NewestOrderAsync(), StringComparison.Ordinal);

        var cookie = Assert.Single(await visitor.Page.Context.CookiesAsync([fixture.Bff]), cookie => cookie.Name.StartsWith("__Host-bff-web", StringComparison.Ordinal));
        Assert.Equal(("__Host-bff-web", true, true, "/", SameSiteAttribute.Strict), (cookie.Name, cookie.HttpOnly, cookie.Secure, cookie.Path, cookie.SameSite));
        Assert.DoesNotContain("bff", await visitor.Page.EvaluateAsync<string>("() => document.cookie"), StringComparison.Ordinal);
        Assert.True(cookie.Value.Length < 500, "the cookie holds more than a key");
        foreach (var path in (string[])["/bff/user", "/api/orders"])
        {
            var (text, caching) = await AskAsync(visitor, path);
            Assert.DoesNotContain("eyJ", text, StringComparison.Ordinal);
            Assert.Equal("no-store", caching);
        }

        await visitor.Page.ClickAsync("#sign-out");
        await visitor.Page.Locator("#sign-in").WaitForAsync();
        Assert.Equal(fixture.Bff + "/", visitor.Page.Url);
        await visitor.Page.ClickAsync("#sign-in");
        await visitor.Page.Locator("#username").WaitForAsync();
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Signing_out_elsewhere_ends_the_session_over_the_back_channel()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await SignInAsync(visitor);
        await using var other = await fixture.NewVisitorAsync();
        await SignInAsync(other);

        var tab = await visitor.Page.Context.NewPageAsync();
        await tab.GotoAsync(fixture.Server.Issuer + "/signout");
        await tab.ClickAsync("#signout button[value=signout]");

        await visitor.Page.WaitForFunctionAsync(IsOver);
        await other.Page.ReloadAsync();
        await other.SeeAsync("Darjeeling");
    }

    [Fact]
    public async Task Request_without_the_header_is_refused_even_with_the_cookie()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await SignInAsync(visitor);

        foreach (var (method, path) in (IEnumerable<(string, string)>)[("GET", "/bff/user"), ("POST", "/bff/logout"), ("GET", "/api/orders"), ("POST", "/api/orders")])
        {
            Assert.Equal(400, await visitor.Page.EvaluateAsync<int>("async ([method, path]) => (await fetch(path, { method })).status", new[] { method, path }));
        }

        Assert.False(await visitor.Page.EvaluateAsync<bool>(IsOver));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("e30.e30.")]
    [InlineData("eyJhbGciOiJub25lIiwidHlwIjoibG9nb3V0K2p3dCJ9.eyJzdWIiOiJ4In0.")]
    public async Task Thing_that_is_no_logout_token_ends_nothing(string token)
    {
        using var http = new HttpClient { BaseAddress = new Uri(fixture.Bff) };
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", token)]);

        using var response = await http.PostAsync("/bff/backchannel-logout", form);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("invalid_request", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>What the script gets to see: the body and how long it may be kept.</summary>
    private static async Task<(string Text, string Caching)> AskAsync(SampleVisitor visitor, string path)
    {
        var answer = await visitor.Page.EvaluateAsync<string[]>(
            "async path => { const r = await fetch(path, { headers: { 'X-BFF': '1' } }); return [await r.text(), r.headers.get('cache-control')]; }", path);
        return (answer[0], answer[1]);
    }

    private async Task SignInAsync(SampleVisitor visitor)
    {
        await visitor.Page.GotoAsync(fixture.Bff);
        await visitor.Page.ClickAsync("#sign-in");
        await visitor.SignInAsync();
        await visitor.SeeAsync("Darjeeling");
        Assert.Equal("Alice Example", await visitor.Page.InnerTextAsync("#name"));
    }
}
