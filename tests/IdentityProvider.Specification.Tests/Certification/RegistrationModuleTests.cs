using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Testing;

namespace IdentityProvider.Specification.Tests.Certification;

/// <summary>
/// Ports of the modules of <c>oidcc-dynamic-certification-test-plan</c> and of the third-party login plan that register a client, each named
/// after its module. The client is registered as the suite does it, and then used.
/// </summary>
public sealed class RegistrationModuleTests : IAsyncLifetime
{
    private readonly ServerFixture _server = ServerFixture.With(
        """
        {
          "Registration": { "mode": "open", "registrations_per_hour": 10000, "allow_requests_without_pkce": true },
          "Outbound": { "allow_private_addresses": true }
        }
        """);

    private ClientSite _site = null!;

    public async Task InitializeAsync() => _site = await ClientSite.StartAsync();

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Oidcc_redirect_uri_regfrag() => Assert.Equal(
        (400, "invalid_redirect_uri"),
        (await _server.RegisterAsync(Registrations.Metadata(("redirect_uris", new JsonArray(TestClients.Callback + "#foobar"))))).StatusAndError);

    [Theory]
    [InlineData("oidcc-registration-policy-uri", "policy_uri")]
    [InlineData("oidcc-registration-tos-uri", "tos_uri")]
    public async Task Oidcc_registration_links_are_on_the_login_page(string module, string member)
    {
        const string Address = "https://app.example/for-people";
        var told = await _server.RegisteredAsync((member, Address));
        using var browser = _server.NewBrowser();

        await browser.GoAsync(told.AsClient().AuthorizeAddress(Relying.WithoutPkce(("scope", "openid"))));

        Assert.True("/signin" == browser.Address.AbsolutePath, module);
        Assert.NotNull(browser.Page.QuerySelector($"a[href='{Address}']"));
    }

    [Fact]
    public async Task Oidcc_registration_logo_uri()
    {
        _site.Publish("/logo.gif", "GIF89a@\0 \0");
        var told = await _server.RegisteredAsync(("logo_uri", _site.AddressOf("/logo.gif")));
        var logo = await _server.GetAsync("/connect/logos/" + told.Text("client_id"));
        using var browser = _server.NewBrowser();

        await browser.GoAsync(told.AsClient().AuthorizeAddress(Relying.WithoutPkce(("scope", "openid"))));

        Assert.Equal("image/gif", logo.ContentHeaders.ContentType!.ToString());
        Assert.NotNull(browser.Page.QuerySelector(".client img"));
    }

    [Fact]
    public async Task Oidcc_registration_jwks_uri()
    {
        var told = await _server.RegisteredAsync(
            ("token_endpoint_auth_method", "private_key_jwt"), ("jwks_uri", _site.JwksUri), ("id_token_signed_response_alg", "RS256"));
        using var browser = _server.NewBrowser();
        var code = (await browser.AuthorizeAsync(told.AsClient(), "alice", Relying.WithoutPkce(("scope", "openid"))))["code"];
        var now = _server.Clock.GetUtcNow().ToUnixTimeSeconds();
        var clientId = told.Text("client_id");
        var assertion = _site.Sign([
            new("iss", clientId), new("sub", clientId), new("aud", ServerFixture.Issuer), new("jti", "1"), new("iat", now), new("exp", now + 60)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token")
        {
            Content = new FormUrlEncodedContent([
                new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", TestClients.Callback),
                new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), new("client_assertion", assertion)]),
        };

        Assert.Equal(200, (await _server.SendAsync(request)).Status);
    }

    [Fact]
    public async Task Oidcc_registration_sector_uri()
    {
        const string Other = "https://other.example/cb";
        _site.Publish("/sector", JsonSerializer.Serialize(new[] { TestClients.Callback, Other }));
        var told = await _server.RegisteredAsync(
            ("subject_type", "pairwise"), ("sector_identifier_uri", _site.AddressOf("/sector")), ("redirect_uris", new JsonArray(TestClients.Callback, Other)));
        using var browser = _server.NewBrowser();
        var response = await browser.AuthorizeAsync(told.AsClient(), "alice", Relying.WithoutPkce(("scope", "openid")));

        var answer = await _server.RedeemAsync(told, response["code"], verifier: null);

        Assert.Equal(("pairwise", 200), (told.Text("subject_type"), answer.Status));
        Assert.Equal(43, Relying.Payload(answer.IdToken).GetProperty("sub").GetString()!.Length);
    }

    [Theory]
    [InlineData("""["https://app.example/another"]""")]
    [InlineData("""{"redirect_uris":["https://app.example/cb"]}""")]
    [InlineData("not json")]
    [InlineData(null)]
    public async Task Oidcc_registration_sector_bad(string? document)
    {
        if (document is not null)
        {
            _site.Publish("/sector", document);
        }

        var answer = await _server.RegisterAsync(Registrations.Metadata(
            ("subject_type", "pairwise"), ("sector_identifier_uri", _site.AddressOf("/sector"))));

        Assert.Equal((400, "invalid_client_metadata"), answer.StatusAndError);
    }

    [Theory]
    [InlineData("oidcc-server")]
    [InlineData("oidcc-idtoken-rs256")]
    public async Task Oidcc_a_registered_client_signs_people_in(string module)
    {
        var told = await _server.RegisteredAsync(("id_token_signed_response_alg", "RS256"));
        using var browser = _server.NewBrowser();
        var response = await browser.AuthorizeAsync(told.AsClient(), "alice", Relying.WithoutPkce(("scope", "openid")));

        var answer = await _server.RedeemAsync(told, response["code"], verifier: null);

        Assert.True(200 == answer.Status, module);
        Assert.Equal("RS256", Relying.Header(answer.IdToken).GetProperty("alg").GetString());
        Assert.Equal(told.Text("client_id"), Relying.Payload(answer.IdToken).GetProperty("aud").GetString());
    }

    [Fact]
    public async Task Oidcc_userinfo_rs256()
    {
        var told = await _server.RegisteredAsync(("userinfo_signed_response_alg", "RS256"));
        using var browser = _server.NewBrowser();
        var response = await browser.AuthorizeAsync(told.AsClient(), "alice", Relying.WithoutPkce(("scope", "openid")));
        var tokens = await _server.RedeemAsync(told, response["code"], verifier: null);

        var answer = await _server.UserInfoAsync(tokens.AccessToken);

        Assert.Equal("application/jwt", answer.ContentHeaders.ContentType!.ToString());
        Assert.Equal(told.Text("client_id"), Relying.Payload(answer.Body).GetProperty("aud").GetString());
    }

    [Theory]
    [InlineData("oidcc-3rd_party-init-login", "https://app.example/login", 201)]
    [InlineData("oidcc-3rd_party-init-login-nohttps", "http://app.example/login", 400)]
    public async Task Address_that_begins_a_sign_in_is_https_and_told_again(string module, string address, int status)
    {
        var answer = await _server.RegisterAsync(Registrations.Metadata(("initiate_login_uri", address)));

        Assert.True(status == answer.Status, module);
        if (status is 201)
        {
            var read = await _server.ManageAsync(HttpMethod.Get, answer.Json, answer.Json.Text("registration_access_token"));
            Assert.Equal((address, address), (answer.Json.Text("initiate_login_uri"), read.Json.Text("initiate_login_uri")));
        }
        else
        {
            Assert.Equal("invalid_client_metadata", answer.Json.Text("error"));
        }
    }
}
