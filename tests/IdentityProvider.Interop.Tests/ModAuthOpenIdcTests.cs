using System.Text.Json.Nodes;
using IdentityProvider.Interop.Tests.Running;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace IdentityProvider.Interop.Tests;

/// <summary>mod_auth_openidc in Apache: a site that only people who have signed in see, and an API that asks about tokens.</summary>
[Collection(SharedServer.Name)]
public sealed class ModAuthOpenIdcTests(InteropFixture fixture, ITestOutputHelper output)
{
    private readonly string _portal = fixture.Places.Portal;

    [InteropFact]
    public async Task Apache_signs_people_in_and_out_with_the_server()
    {
        var run = new ClientRun(ForeignClients.ModAuthOpenIdc, output);
        run.Introduce(await GetVersionAsync());
        await using var alice = await fixture.NewPersonAsync();

        await SignInAsync(alice);
        run.Covers("discovery");
        run.Covers("sign-in: authorization code with PKCE and `nonce`, claims for the application");

        var before = await GetSessionAsync(alice);
        await alice.Page.GotoAsync(
            $"{_portal}/protected/callback?refresh={Uri.EscapeDataString(_portal + "/protected/whoami.shtml")}"
            + $"&access_token={Uri.EscapeDataString((string)before["access_token"]!)}");
        Assert.EndsWith("/protected/whoami.shtml", alice.Page.Url, StringComparison.Ordinal);
        var after = await GetSessionAsync(alice);
        Assert.NotEqual((string?)before["access_token"], (string?)after["access_token"]);
        Assert.NotEqual((string?)before["refresh_token"], (string?)after["refresh_token"]);
        run.Covers("refresh");

        Assert.Equal(200, await CallApiAsync(alice, (string)after["access_token"]!));
        Assert.Equal(401, await CallApiAsync(alice, "no-token-of-anyone"));
        run.Covers("API by introspection (`AuthType oauth20`)");

        await alice.VisitAsync(_portal + "/protected/callback?logout=" + Uri.EscapeDataString(_portal + "/left.html"));
        Assert.Equal(_portal + "/left.html", alice.Page.Url);
        Assert.False(await IsSignedInAsync(alice));
        await alice.Page.GotoAsync(fixture.Issuer + "/account");
        Assert.Contains("/signin", alice.Page.Url, StringComparison.Ordinal);
        run.Covers("sign-out at the server");

        // Signing out at the server, not at the portal: the portal learns of it from the server alone.
        await SignInAsync(alice);
        Assert.True(await IsSignedInAsync(alice));
        await alice.VisitAsync(fixture.Issuer + "/signout");
        await BecomeSignedOutAsync(alice);
        run.Covers("back-channel logout");
        run.End();
    }

    private async Task SignInAsync(Person person)
    {
        await person.VisitAsync(_portal + "/protected/whoami.shtml");
        Assert.Equal(_portal + "/protected/whoami.shtml", person.Page.Url);
        Assert.Equal("Alice Example", await person.Page.InnerTextAsync("#name"));
        Assert.Equal(fixture.Issuer, await person.Page.InnerTextAsync("#issuer"));
        Assert.StartsWith("alice@example.com", await person.Page.InnerTextAsync("#user"), StringComparison.Ordinal);
    }

    /// <summary>What the module keeps, from its own page about it.</summary>
    private async Task<JsonObject> GetSessionAsync(Person person)
    {
        var answer = await person.Page.APIRequest.GetAsync(_portal + "/protected/callback?info=json");
        Assert.Equal(200, answer.Status);
        return JsonNode.Parse(await answer.TextAsync())!.AsObject();
    }

    /// <summary>Whether the portal shows the page by itself, instead of sending the browser to the server.</summary>
    private async Task<bool> IsSignedInAsync(Person person)
    {
        var answer = await person.Page.APIRequest.GetAsync(
            _portal + "/protected/whoami.shtml", new APIRequestContextOptions { MaxRedirects = 0 });
        return answer.Status is 200;
    }

    /// <summary>A logout token travels on its own way; it may take a moment.</summary>
    private async Task BecomeSignedOutAsync(Person person)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await IsSignedInAsync(person))
        {
            Assert.True(await timer.WaitForNextTickAsync(patience.Token));
        }
    }

    private async Task<int> CallApiAsync(Person person, string token)
    {
        var answer = await person.Page.APIRequest.GetAsync(_portal + "/api/index.html", new APIRequestContextOptions
        {
            Headers = [KeyValuePair.Create("Authorization", "Bearer " + token)],
        });
        return answer.Status;
    }

    /// <summary>Neither the module nor its page tells its version, but the package does.</summary>
    private static async Task<string> GetVersionAsync()
    {
        await using var query = ForeignProgram.Start(
            "dpkg-query",
            ["--show", "--showformat", "${Version}", "libapache2-mod-auth-openidc"],
            new Dictionary<string, string>(StringComparer.Ordinal),
            Path.GetTempPath());
        await query.Ended;
        return query.Output;
    }
}
