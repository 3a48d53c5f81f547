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
        using var visitor = new Visitor(new Uri(address), new Uri(server.Issuer));

        await EnterAsync(visitor);
        await CodeFlow.SignInAsync(visitor);
        await CodeFlow.AllowAsync(visitor);
        Assert.Equal(new Uri(address).Authority, visitor.At.Authority);
        Assert.Contains("Alice Example", visitor.Text, StringComparison.Ordinal);
        Assert.Contains("Darjeeling", visitor.Text, StringComparison.Ordinal);

        await visitor.SubmitAsync("form.order", ("item", "Lapsang"), ("quantity", "3"));
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

    private static async Task EnterAsync(Visitor visitor)
    {
        await visitor.GoToAsync("/");
        await visitor.SubmitAsync("form[action='/signin']");
    }
}
