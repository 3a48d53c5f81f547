using System.Net.Http.Headers;
using System.Text.Json;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;

namespace IdentityProvider.Specification.Tests.Certification;

/// <summary>
/// Ports of the modules of <c>oidcc-basic-certification-test-plan</c>, each named after its module; the form-post plan runs the same ones.
/// </summary>
/// <param name="server">The provider.</param>
/// <param name="responseMode">Asked of every authorization request; null asks nothing.</param>
public abstract class BasicPlanModules(ServerFixture server, string? responseMode)
{
    private static string[] ProfileClaims { get; } = ["name", "given_name", "family_name", "locale"];

    [Fact]
    public async Task Oidcc_server()
    {
        var client = server.Basic();
        using var browser = NewBrowser();

        var first = await server.LogInAsync(client, browser);
        var second = await server.LogInAsync(client, browser);

        Assert.Equal(Flows.Nonce, first.Claims().GetProperty("nonce").GetString());
        Assert.Equal(first.Claims().GetProperty("sub").GetString(), second.Claims().GetProperty("sub").GetString());
        await server.UserInfoAsync(second);
    }

    [Fact]
    public async Task Oidcc_response_type_missing()
    {
        var response = await ErrorAsync(("response_type", null));

        Assert.Equal("invalid_request", response["error"]);
        Assert.Equal(Flows.State, response["state"]);
    }

    [Fact]
    public async Task Oidcc_idtoken_signature()
    {
        using var browser = NewBrowser();

        Assert.Equal("RS256", Relying.Header((await server.LogInAsync(server.Basic(), browser)).GetProperty("id_token").GetString()!).GetProperty("alg").GetString());
    }

    [Theory]
    [InlineData("oidcc-userinfo-get")]
    [InlineData("oidcc-userinfo-post-header")]
    [InlineData("oidcc-userinfo-post-body")]
    public async Task Oidcc_userinfo(string module)
    {
        using var browser = NewBrowser();
        var tokens = await server.LogInAsync(server.Basic(), browser);
        var token = tokens.GetProperty("access_token").GetString()!;
        using var request = new HttpRequestMessage(module.EndsWith("get", StringComparison.Ordinal) ? HttpMethod.Get : HttpMethod.Post, "/connect/userinfo");
        if (module.EndsWith("body", StringComparison.Ordinal))
        {
            request.Content = new FormUrlEncodedContent([new("access_token", token)]);
        }
        else
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        var answer = await server.SendAsync(request);

        Assert.Equal(200, answer.Status);
        Assert.Equal("application/json", answer.ContentHeaders.ContentType!.ToString());
        Assert.Equal(tokens.Claims().GetProperty("sub").GetString(), answer.Json.GetProperty("sub").GetString());
    }

    [Fact]
    public async Task Oidcc_ensure_request_without_nonce_succeeds_for_code_flow()
    {
        using var browser = NewBrowser();

        // The module sends no code_challenge either: whether a nonce is sent and checked is the client's matter (RFC 9700 §2.1.1).
        var tokens = await server.LogInAsync(server.Basic(), browser, ("nonce", null));

        Assert.False(tokens.Claims().TryGetProperty("nonce", out _));
    }

    [Theory]
    [InlineData("oidcc-scope-profile", "openid profile", "name given_name family_name locale")]
    [InlineData("oidcc-scope-email", "openid email", "email email_verified")]
    [InlineData("oidcc-scope-address", "openid address", "address")]
    [InlineData("oidcc-scope-phone", "openid phone", "phone_number phone_number_verified")]
    [InlineData("oidcc-scope-all", "openid profile email address phone", "name email email_verified address phone_number phone_number_verified")]
    public async Task Oidcc_scope(string module, string scope, string claims)
    {
        using var browser = NewBrowser();

        var userInfo = await server.UserInfoAsync(await server.LogInAsync(server.Basic(), browser, ("scope", scope)));

        Assert.All(claims.Split(' '), claim => Assert.True(userInfo.TryGetProperty(claim, out _), module + " lacks " + claim));
    }

    [Fact]
    public async Task Oidcc_alternate_happy_flow()
    {
        using var browser = NewBrowser();
        var client = server.Basic();
        var address = client.AuthorizeAddress(Relying.WithoutPkce(("scope", "email profile openid")));
        var shuffled = address.Split('?')[0] + "?" + string.Join('&', address.Split('?')[1].Split('&').Reverse());
        await browser.GoAsync(shuffled);
        await browser.SubmitAsync("signin", ("username", "alice"), ("password", ServerFixture.Password));

        var answer = await server.RedeemAsync(client, Flows.Parameters(browser.LeftTo!)["code"], ("code_verifier", null));

        Assert.True((await server.UserInfoAsync(answer.Json)).TryGetProperty("email", out _));
    }

    [Theory]
    [InlineData("oidcc-display-page", "display", "page")]
    [InlineData("oidcc-display-popup", "display", "popup")]
    [InlineData("oidcc-login-hint", "login_hint", "alice@example.com")]
    [InlineData("oidcc-ui-locales", "ui_locales", "se")]
    [InlineData("oidcc-claims-locales", "claims_locales", "se")]
    [InlineData("oidcc-ensure-request-with-unknown-parameter-succeeds", "extra", "foobar")]
    public async Task Oidcc_hints_and_unknown_parameters_are_accepted(string module, string name, string value)
    {
        Assert.StartsWith("oidcc-", module, StringComparison.Ordinal);
        using var browser = NewBrowser();

        await server.LogInAsync(server.Basic(), browser, (name, value));
    }

    [Fact]
    public async Task Oidcc_prompt_login()
    {
        var client = server.Basic();
        using var browser = NewBrowser();
        var first = await server.LogInAsync(client, browser);
        server.Clock.Advance(TimeSpan.FromSeconds(2));

        await browser.GoAsync(client.AuthorizeAddress(Relying.WithoutPkce(("prompt", "login"))));
        Assert.Equal("/signin", browser.Address.AbsolutePath);

        var second = await server.LogInAsync(client, browser, ("prompt", "login"));
        Assert.Equal(first.Claims().GetProperty("sub").GetString(), second.Claims().GetProperty("sub").GetString());
        Assert.True(second.Claims().GetProperty("auth_time").GetInt64() > first.Claims().GetProperty("auth_time").GetInt64());
    }

    [Fact]
    public async Task Oidcc_prompt_none_not_logged_in() => Assert.Equal("login_required", (await ErrorAsync(("prompt", "none")))["error"]);

    [Fact]
    public async Task Oidcc_prompt_none_logged_in()
    {
        var client = server.Basic();
        using var browser = NewBrowser();
        var first = await server.LogInAsync(client, browser);
        server.Clock.Advance(TimeSpan.FromSeconds(5));

        var second = await server.LogInAsync(client, browser, ("prompt", "none"));

        Assert.Equal(first.Claims().GetProperty("sub").GetString(), second.Claims().GetProperty("sub").GetString());
        Assert.Equal(first.Claims().GetProperty("auth_time").GetInt64(), second.Claims().GetProperty("auth_time").GetInt64());
    }

    [Fact]
    public async Task Oidcc_max_age_1()
    {
        var client = server.Basic();
        using var browser = NewBrowser();
        var first = await server.LogInAsync(client, browser);
        server.Clock.Advance(TimeSpan.FromSeconds(2));

        await browser.GoAsync(client.AuthorizeAddress(Relying.WithoutPkce(("max_age", "1"))));
        Assert.Equal("/signin", browser.Address.AbsolutePath);

        var second = await server.LogInAsync(client, browser, ("max_age", "1"));
        Assert.True(second.Claims().GetProperty("auth_time").GetInt64() > first.Claims().GetProperty("auth_time").GetInt64());
    }

    [Fact]
    public async Task Oidcc_max_age_10000()
    {
        var client = server.Basic();
        using var browser = NewBrowser();
        var first = await server.LogInAsync(client, browser);
        server.Clock.Advance(TimeSpan.FromSeconds(2));

        var second = await server.LogInAsync(client, browser, ("max_age", "10000"), ("prompt", "none"));

        Assert.Equal(first.Claims().GetProperty("auth_time").GetInt64(), second.Claims().GetProperty("auth_time").GetInt64());
    }

    [Fact]
    public async Task Oidcc_id_token_hint()
    {
        var client = server.Basic();
        using var browser = NewBrowser();
        var first = await server.LogInAsync(client, browser);

        var second = await server.LogInAsync(client, browser, ("prompt", "none"), ("id_token_hint", first.GetProperty("id_token").GetString()));

        Assert.Equal(first.Claims().GetProperty("sub").GetString(), second.Claims().GetProperty("sub").GetString());
    }

    [Fact]
    public async Task Oidcc_ensure_request_with_acr_values_succeeds()
    {
        var supported = (await server.GetAsync("/.well-known/openid-configuration")).Json.GetProperty("acr_values_supported");
        using var browser = NewBrowser();

        var tokens = await server.LogInAsync(server.Basic(), browser, ("acr_values", string.Join(' ', supported.EnumerateArray().Select(value => value.GetString()))));

        Assert.Contains(tokens.Claims().GetProperty("acr").GetString(), supported.EnumerateArray().Select(value => value.GetString()));
    }

    [Theory]
    [InlineData("oidcc-codereuse", 0)]
    [InlineData("oidcc-codereuse-30seconds", 30)]
    public async Task Oidcc_codereuse_revokes_what_the_code_gave(string module, int seconds)
    {
        Assert.StartsWith("oidcc-codereuse", module, StringComparison.Ordinal);
        var client = server.Register(TestClients.Confidential());
        using var browser = NewBrowser();
        var code = (await browser.AuthorizeAsync(client))["code"];
        var first = await server.RedeemAsync(client, code);
        server.Clock.Advance(TimeSpan.FromSeconds(seconds));

        var second = await server.RedeemAsync(client, code);

        Assert.Equal((400, "invalid_grant"), second.StatusAndError);
        Assert.False(await server.IsActiveAsync(first.AccessToken));
        Assert.Equal(401, (await server.UserInfoAsync(first.AccessToken)).Status);
    }

    [Fact]
    public async Task Oidcc_ensure_registered_redirect_uri()
    {
        using var browser = NewBrowser();

        var page = await browser.GoAsync(server.Basic().AuthorizeAddress(("redirect_uri", "https://app.example/unregistered")));

        Assert.Equal(400, page.Status);
        Assert.Null(browser.LeftTo);
        Assert.StartsWith("text/html", page.ContentHeaders.ContentType!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Oidcc_ensure_post_request_succeeds()
    {
        var client = server.Register(TestClients.Confidential());
        using var browser = NewBrowser();
        var query = client.AuthorizeAddress().Split('?')[1];
        var pairs = query.Split('&').Select(pair => pair.Split('=')).Select(pair => KeyValuePair.Create(pair[0], Uri.UnescapeDataString(pair[1])));

        await browser.PostAsync("/connect/authorize", pairs);
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        await browser.SubmitAsync("signin", ("username", "alice"), ("password", ServerFixture.Password));

        Assert.Equal(200, (await server.RedeemAsync(client, Flows.Parameters(browser.LeftTo!)["code"])).Status);
    }

    [Fact]
    public async Task Oidcc_server_client_secret_post()
    {
        var client = server.Register(TestClients.Confidential() with
        {
            TokenEndpointAuthMethod = ClientAuthenticationMethods.ClientSecretPost,
            AllowRequestsWithoutPkce = true,
        });
        using var browser = NewBrowser();

        await server.UserInfoAsync(await server.LogInAsync(client, browser));
    }

    [Theory]
    [InlineData("oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported", "request_uri", "https://app.example/r", "invalid_request_uri")]
    [InlineData("oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported", "request", "eyJhbGciOiJub25lIn0.e30.", "invalid_request_object")]
    public async Task Oidcc_unsigned_request_objects_are_not_advertised_and_refused(string module, string name, string value, string error)
    {
        Assert.StartsWith("oidcc-", module, StringComparison.Ordinal);
        var metadata = (await server.GetAsync("/.well-known/openid-configuration")).Json;
        Assert.DoesNotContain("none", Strings(metadata, "request_object_signing_alg_values_supported"));
        Assert.Equal(error, (await ErrorAsync((name, value)))["error"]);
    }

    [Fact]
    public async Task Oidcc_claims_essential()
    {
        using var browser = NewBrowser();

        var tokens = await server.LogInAsync(server.Basic(), browser, ("scope", "openid profile"), ("claims", """{"userinfo":{"name":{"essential":true}}}"""));

        Assert.Equal("Alice Example", (await server.UserInfoAsync(tokens)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Oidcc_ensure_request_object_with_redirect_uri()
    {
        using var browser = NewBrowser();

        var page = await browser.GoAsync(server.Basic().AuthorizeAddress(("redirect_uri", "https://app.example/other"), ("request", "eyJhbGciOiJub25lIn0.e30.")));

        Assert.Equal((400, (Uri?)null), (page.Status, browser.LeftTo));
    }

    [Fact]
    public async Task Oidcc_refresh_token()
    {
        var client = server.Basic();
        var other = server.Basic();
        using var browser = NewBrowser();
        var tokens = await server.LogInAsync(client, browser);
        var token = tokens.GetProperty("refresh_token").GetString()!;
        Assert.All(token, c => Assert.InRange(c, '\x20', '\x7E'));

        Assert.Equal((400, "invalid_grant"), (await server.RefreshAsync(other, token)).StatusAndError);
        var refreshed = await server.RefreshAsync(client, token);

        Assert.Equal(200, refreshed.Status);
        var before = tokens.Claims();
        var after = Relying.Payload(refreshed.IdToken);
        foreach (var claim in new[] { "iss", "sub", "aud", "auth_time" })
        {
            Assert.Equal(before.GetProperty(claim).ToString(), after.GetProperty(claim).ToString());
        }
    }

    [Fact]
    public async Task Oidcc_ensure_request_with_valid_pkce_succeeds()
    {
        var client = server.Basic();

        Assert.Equal(200, (await server.GetTokensAsync(client)).Status);
    }

    [Fact]
    public async Task Oidcc_discovery_endpoint_verification()
    {
        var answer = await server.GetAsync("/.well-known/openid-configuration");

        var metadata = answer.Json;
        Assert.Equal("application/json", answer.ContentHeaders.ContentType!.ToString());
        Assert.Equal(ServerFixture.Issuer, metadata.GetProperty("issuer").GetString());
        foreach (var member in metadata.EnumerateObject().Where(member => member.Name.EndsWith("_endpoint", StringComparison.Ordinal) || member.Name == "jwks_uri"))
        {
            Assert.StartsWith("https://", member.Value.GetString(), StringComparison.Ordinal);
        }

        string[] required = ["authorization_endpoint", "token_endpoint", "jwks_uri", "response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported"];
        Assert.All(required, name => Assert.True(metadata.TryGetProperty(name, out _), name));
        Assert.Contains("RS256", Strings(metadata, "id_token_signing_alg_values_supported"));
        Assert.DoesNotContain("none", Strings(metadata, "id_token_signing_alg_values_supported"));
        Assert.Contains("openid", Strings(metadata, "scopes_supported"));
        Assert.Superset(ProfileClaims.ToHashSet(StringComparer.Ordinal), Strings(metadata, "claims_supported").ToHashSet(StringComparer.Ordinal));
    }

    private static IReadOnlyList<string> Strings(JsonElement metadata, string name) =>
        [.. metadata.GetProperty(name).EnumerateArray().Select(value => value.GetString()!)];

    private Browser NewBrowser()
    {
        var browser = server.NewBrowser();
        browser.ResponseMode = responseMode;
        return browser;
    }

    private async Task<IReadOnlyDictionary<string, string>> ErrorAsync(params (string Name, string? Value)[] changes)
    {
        using var browser = NewBrowser();
        await browser.GoAsync(server.Basic().AuthorizeAddress(Relying.WithoutPkce(changes)));
        Assert.Equal(responseMode is null ? 303 : 200, browser.Current!.Status);
        return Flows.Parameters(browser.LeftTo!);
    }
}
