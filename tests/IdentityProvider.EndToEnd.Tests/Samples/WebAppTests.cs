using IdentityProvider.EndToEnd.Tests.Browsing;
using IdentityProvider.EndToEnd.Tests.Fakes;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Samples;

/// <summary>The sample site as a process, with an issuer that can misbehave.</summary>
public sealed class WebAppTests
{
    [Fact]
    public async Task Person_signs_in_orders_and_signs_out()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        await using var api = await SampleProcesses.StartResourceApiAsync(issuer.Issuer);
        await using var site = await SampleProcesses.StartWebAppAsync(issuer.Issuer, api.Address);
        using var visitor = new Visitor(site.Address, new Uri(issuer.Issuer));

        await SignInAsync(visitor);
        Assert.Contains("Alice Example", visitor.Text, StringComparison.Ordinal);
        Assert.Contains("Darjeeling", visitor.Text, StringComparison.Ordinal);

        await visitor.SubmitAsync("form.order:not(.cancel)", ("item", "Lapsang <b>"), ("quantity", "3"));
        Assert.Contains("Your order is placed.", visitor.Text, StringComparison.Ordinal);
        Assert.Contains("Lapsang <b>", visitor.Text, StringComparison.Ordinal);

        await visitor.SubmitAsync("form[action='/signout']");
        Assert.Contains("You are signed out.", visitor.Text, StringComparison.Ordinal);
        Assert.Equal("web-app", issuer.EndSession!["client_id"]);
        Assert.Equal(3, issuer.EndSession["id_token_hint"].Split('.').Length);
        Assert.Equal(new Uri(site.Address, "/signout-callback").ToString(), issuer.EndSession["post_logout_redirect_uri"]);
        await visitor.GoToAsync("/");
        Assert.DoesNotContain("Alice", visitor.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://elsewhere.example")]
    public async Task Answer_of_another_issuer_is_not_used(string? responseIssuer)
    {
        await using var issuer = await FakeIssuer.StartAsync();
        issuer.ResponseIssuer = responseIssuer;
        await using var site = await SampleProcesses.StartWebAppAsync(issuer.Issuer);
        using var visitor = new Visitor(site.Address, new Uri(issuer.Issuer));

        await SignInAsync(visitor);
        Assert.Equal(400, visitor.Status);
        Assert.Contains("Signing in did not work", visitor.Text, StringComparison.Ordinal);
        Assert.Empty(issuer.TokenRequests);
    }

    [Theory]
    [InlineData("mallory", "web-app")]
    [InlineData("alice", "other-app")]
    public async Task Answer_about_someone_else_or_for_someone_else_signs_nobody_in(string userInfoSubject, string audience)
    {
        await using var issuer = await FakeIssuer.StartAsync();
        issuer.UserInfoSubject = userInfoSubject;
        issuer.IdTokenAudience = audience;
        await using var site = await SampleProcesses.StartWebAppAsync(issuer.Issuer);
        using var visitor = new Visitor(site.Address, new Uri(issuer.Issuer));

        await SignInAsync(visitor);
        Assert.Contains("Signing in did not work", visitor.Text, StringComparison.Ordinal);
        await visitor.GoToAsync("/");
        Assert.Contains("Sign in", visitor.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Alice", visitor.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_near_its_end_is_renewed_and_a_refused_renewal_ends_the_sign_in()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        issuer.AccessTokenLifetime = TimeSpan.FromSeconds(59);
        await using var api = await SampleProcesses.StartResourceApiAsync(issuer.Issuer);
        await using var site = await SampleProcesses.StartWebAppAsync(issuer.Issuer, api.Address);
        using var visitor = new Visitor(site.Address, new Uri(issuer.Issuer));

        await SignInAsync(visitor);
        await visitor.GoToAsync("/");
        Assert.Contains("Darjeeling", visitor.Text, StringComparison.Ordinal);
        var refreshes = issuer.TokenRequests.Where(request => request["grant_type"] is "refresh_token").ToList();
        Assert.Equal("refresh-1, refresh-2", string.Join(", ", refreshes.Select(request => request["refresh_token"])));

        issuer.RefusesRefresh = true;
        await visitor.GoToAsync("/");
        Assert.DoesNotContain("Alice", visitor.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Withdrawn_token_is_explained_and_signing_in_again_helps()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        issuer.Withdrawn[0] = true;
        await using var api = await SampleProcesses.StartResourceApiAsync(issuer.Issuer);
        await using var site = await SampleProcesses.StartWebAppAsync(issuer.Issuer, api.Address);
        using var visitor = new Visitor(site.Address, new Uri(issuer.Issuer));

        await SignInAsync(visitor);
        Assert.Contains("no longer accepts your sign-in", visitor.Text, StringComparison.Ordinal);
        await visitor.SubmitAsync("form[action='/signin']");
        Assert.Contains("Darjeeling", visitor.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Site_tells_what_to_start_when_the_issuer_or_the_api_is_not_running()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        await using var site = await SampleProcesses.StartWebAppAsync(issuer.Issuer);
        using var signedIn = new Visitor(site.Address, new Uri(issuer.Issuer));
        await SignInAsync(signedIn);
        Assert.Contains("dotnet run --project src/samples/ResourceApi", signedIn.Text, StringComparison.Ordinal);

        await using var lonelySite = await SampleProcesses.StartWebAppAsync("http://127.0.0.1:9");
        using var visitor = new Visitor(lonelySite.Address);
        await SignInAsync(visitor);
        Assert.Equal(503, visitor.Status);
        Assert.Contains("The identity provider is not running", visitor.Text, StringComparison.Ordinal);
        Assert.Contains("dotnet run --project src/IdentityProvider.Server", visitor.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Person_stays_signed_in_while_the_issuer_is_away()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        issuer.AccessTokenLifetime = TimeSpan.FromSeconds(59);
        await using var site = await SampleProcesses.StartWebAppAsync(issuer.Issuer);
        using var visitor = new Visitor(site.Address, new Uri(issuer.Issuer));
        await SignInAsync(visitor);
        await issuer.StopAsync();

        await visitor.GoToAsync("/");
        Assert.Contains("Alice Example", visitor.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_signed_in_or_out_from_another_site()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        await using var site = await SampleProcesses.StartWebAppAsync(issuer.Issuer);
        using var visitor = new Visitor(site.Address, new Uri(issuer.Issuer));
        foreach (var action in (string[])["/signin", "/signout", "/signout-local", "/"])
        {
            await visitor.PostAsync(action);
            Assert.Equal(400, visitor.Status);
        }

        await visitor.GoToAsync("/signin");
        Assert.Equal(405, visitor.Status);
    }

    private static async Task SignInAsync(Visitor visitor)
    {
        await visitor.GoToAsync("/");
        await visitor.SubmitAsync("form[action='/signin']");
    }
}
