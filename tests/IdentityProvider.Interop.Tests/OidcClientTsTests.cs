using System.Text.Json;
using IdentityProvider.Interop.Tests.Running;
using Xunit.Abstractions;

namespace IdentityProvider.Interop.Tests;

/// <summary>oidc-client-ts in Chromium, in pages of another origin of the same site.</summary>
[Collection(SharedServer.Name)]
public sealed class OidcClientTsTests(InteropFixture fixture, ITestOutputHelper output)
{
    private readonly string _site = fixture.Places.Site;

    [InteropFact]
    public async Task Oidc_client_ts_signs_in_renews_and_signs_out_in_a_page()
    {
        var run = new ClientRun(ForeignClients.OidcClientTs, output);
        await using var alice = await fixture.NewPersonAsync();
        run.Introduce(await OpenAppAsync(alice));

        await alice.Page.EvaluateAsync("() => { manager.signinRedirect(); }");
        await alice.Page.WaitForURLAsync(fixture.Issuer + "/signin?**");
        await alice.PassAsync();
        Assert.StartsWith(_site + "/callback?code=", alice.Page.Url, StringComparison.Ordinal);
        var callback = alice.Page.Url;
        await OpenAppAsync(alice);
        var user = await EvaluateAsync(alice, "address => manager.signinRedirectCallback(address).then(summarize)", callback);
        Assert.Equal("Alice Example", user.GetProperty("name").GetString());
        run.Covers("discovery, token, userinfo and key set from another origin (CORS) in Chromium");
        run.Covers("authorization code with PKCE in a page");

        // Without a user that it remembers there is no refresh token: it asks in a frame.
        await EvaluateAsync(alice, "() => manager.removeUser().then(() => null)");
        var silent = await EvaluateAsync(alice, "() => manager.signinSilent().then(summarize)");
        Assert.Equal(user.GetProperty("sub").GetString(), silent.GetProperty("sub").GetString());
        Assert.NotEqual(user.GetProperty("access_token").GetString(), silent.GetProperty("access_token").GetString());
        run.Covers("silent sign-in by `prompt=none` in a frame");

        var renewed = await EvaluateAsync(alice, "() => manager.signinSilent().then(summarize)");
        Assert.NotEqual(silent.GetProperty("refresh_token").GetString(), renewed.GetProperty("refresh_token").GetString());
        run.Covers("silent renewal by refresh token, with rotation");

        var status = await EvaluateAsync(alice, "() => manager.querySessionStatus()");
        Assert.Equal(user.GetProperty("sub").GetString(), status.GetProperty("sub").GetString());
        Assert.NotEmpty(status.GetProperty("session_state").GetString()!);
        run.Covers("session state by `prompt=none` (`querySessionStatus`)");

        await EvaluateAsync(alice, "() => manager.revokeTokens().then(() => null)");
        var refused = await EvaluateAsync(
            alice,
            """
            async (token) => {
              const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'spa', refresh_token: token });
              const address = await manager.metadataService.getTokenEndpoint();
              return (await fetch(address, { method: 'POST', body: form })).json();
            }
            """,
            renewed.GetProperty("refresh_token").GetString());
        Assert.Equal("invalid_grant", refused.GetProperty("error").GetString());
        run.Covers("revocation");

        await alice.Page.EvaluateAsync("() => { manager.signoutRedirect(); }");
        await alice.Page.WaitForURLAsync(_site + "/");
        await OpenAppAsync(alice);
        var error = await EvaluateAsync(alice, "() => manager.signinSilent().then(() => 'signed in', error => error.error)");
        Assert.Equal("login_required", error.GetString());
        run.Covers("sign-out, after which `prompt=none` is `login_required`");
        run.End();
    }

    /// <summary>A page with a fresh manager; the answer is the library's version.</summary>
    private async Task<string> OpenAppAsync(Person person)
    {
        await person.Page.GotoAsync(_site + "/app.html");
        return await person.Page.EvaluateAsync<string>(
            """
            ({ issuer, site }) => {
              globalThis.manager = new oidc.UserManager({
                authority: issuer,
                client_id: 'spa',
                redirect_uri: `${site}/callback`,
                silent_redirect_uri: `${site}/silent.html`,
                post_logout_redirect_uri: `${site}/`,
                scope: 'openid profile offline_access orders.read',
                loadUserInfo: true,
                monitorSession: false,
                revokeTokenTypes: ['refresh_token'],
              });
              globalThis.summarize = ({ profile, access_token, refresh_token, id_token }) =>
                ({ sub: profile.sub, name: profile.name, access_token, refresh_token, id_token });
              return oidc.Version;
            }
            """,
            new { issuer = fixture.Issuer, site = _site });
    }

    private static async Task<JsonElement> EvaluateAsync(Person person, string script, object? argument = null) =>
        await person.Page.EvaluateAsync<JsonElement>(script, argument);
}
