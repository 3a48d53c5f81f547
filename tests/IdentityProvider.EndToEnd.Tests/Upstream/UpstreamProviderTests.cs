using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.EndToEnd.Tests.Browsing;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Upstream;

/// <summary>Signing in by providers that are processes of their own: another server of ours, and one that others wrote.</summary>
public sealed class UpstreamProviderTests
{
    private const string Secret = "a-secret-of-the-two-servers-alone";

    [Fact]
    public async Task People_of_another_server_of_ours_come_in_by_it()
    {
        var (home, hosted) = (RunningServer.FreeAddress(), RunningServer.FreeAddress());
        var client = new JsonObject
        {
            ["client_id"] = "hosted",
            ["client_name"] = "Hosted",
            ["client_secret"] = Secret,
            ["grant_types"] = new JsonArray("authorization_code"),
            ["redirect_uris"] = new JsonArray(hosted + "/signin/upstream/home/callback"),
            ["scope"] = "openid profile email",
        };
        await using var upstream = await RunningServer.StartAsync(home, $$"""{ "Declared": { "Clients": [ {{client.ToJsonString()}} ] } }""");
        await using var server = await RunningServer.StartAsync(hosted, Upstream("home", home, useUserinfo: false));
        using var visitor = new Visitor(new Uri(hosted), new Uri(home));

        await visitor.GoToAsync("/signin");
        await visitor.GoToAsync(visitor.Page.QuerySelector("[data-provider=home]")!.GetAttribute("href")!);
        Assert.Equal(new Uri(home).Authority, visitor.At.Authority);
        await CodeFlow.SignInAsync(visitor);
        await CodeFlow.AllowAsync(visitor);

        Assert.Equal((200, new Uri(hosted).Authority), (visitor.Status, visitor.At.Authority));
        await AssertLinkedAsync(visitor, server, "home");
    }

    [ProviderFact]
    public async Task People_of_npm_oidc_provider_come_in_by_it_and_prove_it_again()
    {
        var hosted = RunningServer.FreeAddress();
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PROVIDER_SETTINGS"] = JsonSerializer.Serialize(new { secret = Secret, redirectUri = hosted + "/signin/upstream/npm/callback" }),
        };
        await using var upstream = await ChildProcess.ListenAsync("node", ["oidc-provider.js"], settings, ProviderFactAttribute.Folder);
        var issuer = upstream.Address.GetLeftPart(UriPartial.Authority);
        await using var server = await RunningServer.StartAsync(hosted, Upstream("npm", issuer, useUserinfo: true));
        using var visitor = new Visitor(new Uri(hosted), new Uri(issuer));

        await visitor.GoToAsync("/signin");
        await visitor.GoToAsync(visitor.Page.QuerySelector("[data-provider=npm]")!.GetAttribute("href")!);
        await visitor.SubmitAsync("form", ("login", "nora"), ("password", "any"));
        await visitor.SubmitAsync("form");
        await AssertLinkedAsync(visitor, server, "npm");
        Assert.Contains("nora@example.org", visitor.Text, StringComparison.Ordinal);

        // With prompt=login and max_age it asks again and says auth_time.
        await visitor.GoToAsync("/signin?fresh=true&returnUrl=/account/linked");
        await visitor.GoToAsync(visitor.Page.QuerySelector("[data-provider=npm]")!.GetAttribute("href")!);
        await visitor.SubmitAsync("form", ("login", "nora"), ("password", "any"));
        await AssertLinkedAsync(visitor, server, "npm");
    }

    /// <summary>Signed in at the server, with the provider among what is linked.</summary>
    private static async Task AssertLinkedAsync(Visitor visitor, RunningServer server, string provider)
    {
        Assert.True(string.Equals(server.Issuer, visitor.At.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal), $"{visitor.At} {visitor.Text} {server.Output}");
        await visitor.GoToAsync(server.Issuer + "/account/linked");
        Assert.Equal("/account/linked", visitor.At.AbsolutePath);
        Assert.NotNull(visitor.Page.QuerySelector($"#linked [data-provider={provider}]"));
    }

    private static string Upstream(string id, string issuer, bool useUserinfo)
    {
        var provider = new JsonObject
        {
            ["id"] = id,
            ["display_name"] = "Elsewhere",
            ["issuer"] = issuer,
            ["client_id"] = "hosted",
            ["client_secret"] = Secret,
            ["allow_registration"] = true,
            ["use_userinfo"] = useUserinfo,
        };
        return new JsonObject
        {
            ["Outbound"] = new JsonObject { ["allow_private_addresses"] = true },
            ["Upstream"] = new JsonArray(provider),
        }.ToJsonString();
    }
}
