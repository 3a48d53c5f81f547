using System.Text.Json;
using IdentityProvider.EndToEnd.Tests.Browser;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Samples;

/// <summary>The single-page app, built and served as its README says, in Chromium and from another origin than the server and the API.</summary>
[Collection(SharedSamples.Name)]
public sealed class SpaTests(SamplesFixture fixture)
{
    private const string Stored =
        "() => [...Object.values(localStorage), ...Object.values(sessionStorage), document.cookie].join('\\n')";

    [Fact]
    public async Task Person_signs_in_orders_renews_and_signs_out()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await SignInAsync(visitor);
        Assert.Equal(fixture.Spa + "/", visitor.Page.Url);
        await visitor.OrderAsync("Lapsang <b>", 3);
        Assert.EndsWith(", Lapsang <b>, 3, spa", await visitor.NewestOrderAsync(), StringComparison.Ordinal);

        await visitor.Page.ClickAsync("summary");
        var (_, second) = await RefreshAsync(visitor);
        var (sent, third) = await RefreshAsync(visitor);
        Assert.Equal(second, sent);
        Assert.NotEqual(second, third);
        await visitor.Page.ClickAsync("#renew");
        await visitor.SeeAsync("Renewed by prompt=none.");
        Assert.DoesNotContain("token", await visitor.Page.EvaluateAsync<string>(Stored), StringComparison.Ordinal);

        var revocation = visitor.Page.WaitForRequestAsync(fixture.Server.Issuer + "/connect/revoke");

        // The page forgets the person before it leaves; back from the server it is another page.
        await visitor.Page.FollowAsync("#sign-out");
        Assert.Contains("token_type_hint=refresh_token", (await revocation).PostData!, StringComparison.Ordinal);
        await visitor.Page.Locator("#sign-in").WaitForAsync();
        Assert.Equal(fixture.Spa + "/", visitor.Page.Url);
        await visitor.Page.ClickAsync("#sign-in");
        await visitor.Page.Locator("#username").WaitForAsync();
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Reload_empties_the_memory_and_asks_nobody_who_is_signed_in()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        await SignInAsync(visitor);

        await visitor.Page.ReloadAsync();

        await visitor.SeeAsync("Darjeeling");
        Assert.Equal("Alice Example", await visitor.Page.InnerTextAsync("#name"));
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Refresh_token_that_was_revoked_ends_the_sign_in_and_is_explained()
    {
        await using var visitor = await fixture.NewVisitorAsync();
        var tokens = await visitor.Page.RunAndWaitForResponseAsync(() => SignInAsync(visitor), IsTokenResponse);
        using var body = JsonDocument.Parse(await tokens.TextAsync());
        using var revoked = await fixture.Server.PostAsync(
            "revocation_endpoint", null, ("client_id", "spa"), ("token", body.RootElement.GetProperty("refresh_token").GetString()!));
        Assert.True(revoked.IsSuccessStatusCode);

        await visitor.Page.ClickAsync("summary");
        await visitor.Page.ClickAsync("#refresh");

        await visitor.SeeAsync("Your sign-in has ended. Sign in again.");
        Assert.True(await visitor.Page.IsVisibleAsync("#sign-in"));
        Assert.False(await visitor.Page.IsVisibleAsync("#orders"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("&iss=https%3A%2F%2Felsewhere.example")]
    public async Task Answer_of_another_issuer_is_not_used(string issuer)
    {
        await using var visitor = await fixture.NewVisitorAsync();
        var asked = false;
        visitor.Page.Request += (_, request) => asked |= request.Url.Contains("/connect/token", StringComparison.Ordinal);

        await visitor.Page.GotoAsync(fixture.Spa + "/callback?code=c&state=s" + issuer);

        await visitor.SeeAsync("The answer comes from another issuer.");
        Assert.True(await visitor.Page.IsVisibleAsync("#sign-in"));
        Assert.False(asked);
    }

    private async Task SignInAsync(SampleVisitor visitor)
    {
        await visitor.Page.GotoAsync(fixture.Spa);
        await visitor.Page.ClickAsync("#sign-in");
        await visitor.SignInAsync();
        await visitor.SeeAsync("Darjeeling");
        Assert.Equal("Alice Example", await visitor.Page.InnerTextAsync("#name"));
    }

    /// <summary>The refresh token that was sent, and the one that came.</summary>
    private static async Task<(string Sent, string Received)> RefreshAsync(SampleVisitor visitor)
    {
        await visitor.Page.EvaluateAsync("document.getElementById('notice').textContent = ''"); // of the time before
        var response = await visitor.Page.RunAndWaitForResponseAsync(() => visitor.Page.ClickAsync("#refresh"), IsTokenResponse);
        await visitor.SeeAsync("Renewed by refresh token.");
        using var body = JsonDocument.Parse(await response.TextAsync());
        return (QueryHelpers.ParseQuery(response.Request.PostData!)["refresh_token"].ToString(), body.RootElement.GetProperty("refresh_token").GetString()!);
    }

    private static bool IsTokenResponse(IResponse response) =>
        response.Url.EndsWith("/connect/token", StringComparison.Ordinal) && response.Request.Method is "POST";
}
