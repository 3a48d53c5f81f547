using IdentityProvider.EndToEnd.Tests.Browser;
using IdentityProvider.EndToEnd.Tests.Browsing;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Orders;

/// <summary>The sample site with the server and the API: from the door to the order and out again.</summary>
public sealed class SiteTests
{
    [Fact]
    public async Task Person_signs_in_allows_orders_and_signs_out_everywhere()
    {
        var address = RunningServer.FreeAddress();
        await using var server = await RunningServer.StartAsync(
            KeyValuePair.Create("Declared:Clients:web-app:redirect_uris", $"[\"{address}/signin-oidc\"]"),
            KeyValuePair.Create("Declared:Clients:web-app:post_logout_redirect_uris", $"[\"{address}/signout-callback\"]"));
        await using var api = await SampleProcesses.StartResourceApiAsync(server.Issuer);
        await using var site = await SampleProcesses.StartWebAppAsync(server.Issuer, api.Address, address);
        using var visitor = new Browsing.Visitor(new Uri(address), new Uri(server.Issuer));

        await EnterAsync(visitor);
        await CodeFlow.SignInAsync(visitor);
        await CodeFlow.AllowAsync(visitor);
        Assert.Equal(new Uri(address).Authority, visitor.At.Authority);
        Assert.Contains("Alice Example", visitor.Text, StringComparison.Ordinal);
        Assert.Contains("Darjeeling", visitor.Text, StringComparison.Ordinal);

        await visitor.SubmitAsync("form.order:not(.cancel)", ("item", "Lapsang"), ("quantity", "3"));
        Assert.Contains("Your order is placed.", visitor.Text, StringComparison.Ordinal);
        var newest = visitor.Page.QuerySelector("tbody tr")!.Children.Select(cell => cell.TextContent);
        Assert.Equal("2, Lapsang, 3, web-app", string.Join(", ", newest));

        // Forgotten here, known there: no password and no question.
        await visitor.SubmitAsync("form[action='/signout-local']");
        await EnterAsync(visitor);
        Assert.Contains("Alice Example", visitor.Text, StringComparison.Ordinal);

        // The ID token proves who is to be signed out, so the identity provider does not ask.
        await visitor.SubmitAsync("form[action='/signout']");
        Assert.Contains("You are signed out.", visitor.Text, StringComparison.Ordinal);
        await EnterAsync(visitor);
        Assert.NotNull(visitor.Page.QuerySelector("#signin"));
    }

    [Fact]
    [Clause("RFC 9470", "3", "insufficient_user_authentication: the authentication event associated with the access token does not meet the requirements.")]
    [Clause("RFC 9470", "4", "The client sends the acr_values and max_age of the challenge in an authorization request, and repeats with the new token.")]
    public async Task Cancelling_an_order_asks_for_a_second_factor_and_is_then_done()
    {
        var address = RunningServer.FreeAddress();
        await using var server = await RunningServer.StartAsync(
            KeyValuePair.Create("Declared:Clients:web-app:redirect_uris", $"[\"{address}/signin-oidc\"]"));
        await using var api = await SampleProcesses.StartResourceApiAsync(server.Issuer);
        await using var site = await SampleProcesses.StartWebAppAsync(server.Issuer, api.Address, address);
        using var visitor = new Browsing.Visitor(new Uri(address), new Uri(server.Issuer));
        await EnterAsync(visitor);
        await CodeFlow.SignInAsync(visitor);
        await CodeFlow.AllowAsync(visitor);
        await visitor.SubmitAsync("form.order:not(.cancel)", ("item", "Lapsang"), ("quantity", "3"));

        // Nothing is there to prove with: who declines has not cancelled anything.
        await visitor.SubmitAsync("form.cancel", ("number", "2"));
        Assert.Equal("/signin/set-up", visitor.At.AbsolutePath);
        await visitor.SubmitAsync("#set-up", ("decision", "decline"));
        Assert.Contains("Your order is not cancelled", visitor.Text, StringComparison.Ordinal);
        Assert.Contains("Lapsang", visitor.Text, StringComparison.Ordinal);

        await visitor.SubmitAsync("form.cancel", ("number", "2"));
        var app = new AuthenticatorApp(visitor.Page.QuerySelector("#totp-key")!.TextContent);
        await visitor.SubmitAsync("#set-up", ("code", app.Code()), ("decision", "continue"));
        await visitor.GoToAsync(new Uri(visitor.At, visitor.Page.QuerySelector("#continue")!.GetAttribute("href")).ToString());

        Assert.Equal(new Uri(address).Authority, visitor.At.Authority);
        Assert.Contains("Your order is cancelled.", visitor.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Lapsang", visitor.Text, StringComparison.Ordinal);
    }

    private static async Task EnterAsync(Browsing.Visitor visitor)
    {
        await visitor.GoToAsync("/");
        await visitor.SubmitAsync("form[action='/signin']");
    }
}
