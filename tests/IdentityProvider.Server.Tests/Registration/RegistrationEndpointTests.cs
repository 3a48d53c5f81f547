using System.Text.Json.Nodes;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Registration;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Registration;

/// <summary><c>POST /connect/register</c> where everybody may register.</summary>
public sealed class RegistrationEndpointTests(OpenServer open) : IClassFixture<OpenServer>
{
    private readonly ServerFixture _server = open.Server;

    [Fact]
    [Clause("RFC 7591", "3.2.1", "The server responds with an HTTP 201 Created status code and a body of type \"application/json\" with all registered metadata.")]
    public async Task A_new_client_is_told_everything_that_was_registered()
    {
        var answer = await _server.RegisterAsync(Registrations.Metadata(
            ("client_name#de", "Laden"),
            ("contacts", new JsonArray("ops@app.example")),
            ("policy_uri", "https://app.example/policy"),
            ("tos_uri", "https://app.example/terms"),
            ("software_id", "4NRB1-0XZABZI9E6-5SM3R"),
            ("initiate_login_uri", "https://app.example/login"),
            ("default_max_age", 3600),
            ("something_unknown", "ignored")));

        Assert.Equal(201, answer.Status);
        Assert.Equal("application/json", answer.ContentHeaders.ContentType!.ToString());
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        var told = JsonNode.Parse(answer.Body)!.AsObject();
        var clientId = (string)told["client_id"]!;
        Assert.Equal(43, ((string)told["client_secret"]!).Length);
        Assert.Equal(43, ((string)told["registration_access_token"]!).Length);
        told.Remove("client_id");
        told.Remove("client_secret");
        told.Remove("registration_access_token");
        var expected = $$"""
            {
              "client_id_issued_at": {{_server.Clock.GetUtcNow().ToUnixTimeSeconds()}},
              "client_secret_expires_at": 0,
              "registration_client_uri": "https://id.example/connect/register/{{clientId}}",
              "client_name": "Shop",
              "policy_uri": "https://app.example/policy",
              "tos_uri": "https://app.example/terms",
              "client_name#de": "Laden",
              "contacts": ["ops@app.example"],
              "software_id": "4NRB1-0XZABZI9E6-5SM3R",
              "initiate_login_uri": "https://app.example/login",
              "application_type": "web",
              "redirect_uris": ["https://app.example/cb"],
              "grant_types": ["authorization_code", "refresh_token"],
              "response_types": ["code"],
              "scope": "openid profile email address phone offline_access",
              "token_endpoint_auth_method": "client_secret_basic",
              "default_max_age": 3600,
              "require_auth_time": false,
              "id_token_signed_response_alg": "RS256",
              "subject_type": "public"
            }
            """;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), told), told.ToJsonString());
    }

    [Fact]
    [Clause("RFC 7591", "2", "The authorization server MUST ignore any client metadata sent by the client that it does not understand.")]
    public async Task The_client_works_at_once_on_this_node()
    {
        var told = await _server.RegisteredAsync();
        using var browser = _server.NewBrowser();

        var response = await browser.AuthorizeAsync(told.AsClient(), "alice", ("scope", "openid profile"));
        var tokens = await _server.RedeemAsync(told, response["code"]);

        Assert.Equal(200, tokens.Status);
        Assert.Equal("Alice Example", (await _server.UserInfoAsync(tokens.AccessToken)).Json.Text("name"));
    }

    [Fact]
    public async Task A_public_client_gets_no_secret()
    {
        var told = await _server.RegisteredAsync(("token_endpoint_auth_method", "none"));

        Assert.False(told.TryGetProperty("client_secret", out _));
        Assert.False(told.TryGetProperty("client_secret_expires_at", out _));
    }

    [Fact]
    public async Task Metadata_names_the_endpoint_and_only_where_it_is_open()
    {
        using var closed = ServerFixture.With("{}");

        Assert.Equal("https://id.example/connect/register", (await _server.GetAsync("/.well-known/openid-configuration")).Json.Text("registration_endpoint"));
        Assert.False((await closed.GetAsync("/.well-known/openid-configuration")).Json.TryGetProperty("registration_endpoint", out _));
    }

    [Theory]
    [Case(203)]
    [Case(53)]
    [Case(46)]
    [Case(44)]
    [Case(52)]
    [Clause("RFC 7591", "3.2.2", "invalid_redirect_uri: The value of one or more redirection URIs is invalid.")]
    [InlineData("web", "http://app.example/cb")]
    [InlineData("web", "http://127.0.0.1/cb")]
    [InlineData("web", "http://localhost/cb")]
    [InlineData("web", "https://localhost/cb")]
    [InlineData("web", "https://127.0.0.1/cb")]
    [InlineData("web", "https://[::1]/cb")]
    [InlineData("web", "com.example.app:/cb")]
    [InlineData("web", "https://*.app.example/cb")]
    [InlineData("web", "https://app.example/*")]
    [InlineData("web", "https://app.example/cb#fragment")]
    [InlineData("web", "https://user@app.example/cb")]
    [InlineData("web", "https://app.example/../cb")]
    [InlineData("web", "/cb")]
    [InlineData("web", "")]
    [InlineData("native", "javascript:alert(1)")]
    [InlineData("native", "data:text/html,x")]
    [InlineData("native", "JaVaScRiPt:alert(1)")]
    [InlineData("native", "vbscript:x")]
    [InlineData("native", "file:///etc/passwd")]
    [InlineData("native", "blob:https://app.example/x")]
    [InlineData("native", "view-source:https://app.example")]
    [InlineData("native", "myapp:/cb")]
    [InlineData("native", "http://app.example/cb")]
    public async Task Redirect_uri_of_a_dangerous_kind_is_refused(string applicationType, string redirectUri)
    {
        var answer = await _server.RegisterAsync(Registrations.Metadata(
            ("application_type", applicationType), ("redirect_uris", new JsonArray(redirectUri))));

        Assert.Equal((400, "invalid_redirect_uri"), answer.StatusAndError);
    }

    [Theory]
    [InlineData("http://127.0.0.1/cb")]
    [InlineData("http://[::1]/cb")]
    [InlineData("http://localhost:8080/cb")]
    [InlineData("com.example.app:/cb")]
    [InlineData("https://app.example/claimed")]
    public async Task Native_client_may_register(string redirectUri) => Assert.Equal(
        201,
        (await _server.RegisterAsync(Registrations.Metadata(
            ("application_type", "native"), ("token_endpoint_auth_method", "none"), ("redirect_uris", new JsonArray(redirectUri))))).Status);

    [Fact]
    [Case(203)]
    public async Task A_thousand_redirect_uris_are_refused()
    {
        var many = new JsonArray([.. Enumerable.Range(0, 1000).Select(number => (JsonNode)$"https://app.example/{number}")]);

        Assert.Equal((400, "invalid_redirect_uri"), (await _server.RegisterAsync(Registrations.Metadata(("redirect_uris", many)))).StatusAndError);
    }

    [Theory]
    [Case(205)]
    [InlineData("admin\u202Enimda")]
    [InlineData("Sh\u200Bop")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\nb")]
    public async Task Client_name_that_reads_like_another_is_refused(string name)
    {
        foreach (var member in new[] { "client_name", "client_name#de" })
        {
            var answer = await _server.RegisterAsync(Registrations.Metadata((member, name)));

            Assert.Equal((400, "invalid_client_metadata"), answer.StatusAndError);
        }
    }

    [Fact]
    [Case(205)]
    public async Task Client_name_of_more_than_100_characters_is_refused() => Assert.Equal(
        (400, "invalid_client_metadata"),
        (await _server.RegisterAsync(Registrations.Metadata(("client_name", new string('x', 101))))).StatusAndError);

    public static TheoryData<string> InsideAddresses { get; } = new(
        from host in new[]
        {
            "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254",
            "[fd00::1]", "[fe80::1]", "[ff02::1]", "[64:ff9b::a00:1]", "2130706433", "0177.0.0.1", "0x7f000001", "127.1", "localhost", "localhost.",
            "intranet", "metadata.google.internal", "printer.local",
        }
        select $"https://{host}/x");

    [Theory]
    [Case(206)]
    [MemberData(nameof(InsideAddresses))]
    public async Task Address_inside_the_network_is_refused_wherever_it_is_named(string address)
    {
        foreach (var (member, value) in new (string, JsonNode)[]
        {
            ("jwks_uri", address), ("sector_identifier_uri", address), ("initiate_login_uri", address), ("backchannel_logout_uri", address),
            ("logo_uri", address), ("logo_uri#de", address), ("request_uris", new JsonArray(address)),
        })
        {
            Assert.Equal((400, "invalid_client_metadata"), (await _server.RegisterAsync(Registrations.Metadata((member, value)))).StatusAndError);
        }
    }

    [Fact]
    [Case(208)]
    public async Task What_the_policy_forbids_is_left_out()
    {
        var told = await _server.RegisteredAsync(
            ("grant_types", new JsonArray("authorization_code", "client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange")),
            ("scope", "openid orders.write admin"));

        Assert.Equal("""["authorization_code"]""", told.GetProperty("grant_types").GetRawText());
        Assert.Equal("openid", told.Text("scope"));
    }

    [Theory]
    [Case(208)]
    [InlineData("grant_types", """["client_credentials"]""")]
    [InlineData("grant_types", "[]")]
    [InlineData("scope", "\"orders.write admin\"")]
    [InlineData("response_types", """["id_token"]""")]
    [InlineData("token_endpoint_auth_method", "\"client_secret_jwt\"")]
    [InlineData("id_token_signed_response_alg", "\"none\"")]
    [InlineData("jwks", """{"keys":[{"kty":"oct","k":"AAAA"}]}""")]
    [InlineData("initiate_login_uri", "\"http://app.example/login\"")]
    [InlineData("subject_type", "\"secret\"")]
    [InlineData("client_name", "17")]
    [InlineData("contacts", "\"ops@app.example\"")]
    [InlineData("default_max_age", "-1")]
    [InlineData("require_auth_time", "\"yes\"")]
    [InlineData("client_name#", "\"x\"")]
    public async Task Metadata_that_cannot_be_had_is_refused(string member, string json) => Assert.Equal(
        (400, "invalid_client_metadata"),
        (await _server.RegisterAsync(Registrations.Metadata((member, JsonNode.Parse(json))))).StatusAndError);

    [Fact]
    [Case(209)]
    public async Task Members_that_only_the_operator_may_set_are_stored_nowhere()
    {
        var told = await _server.RegisteredAsync(
            ("client_id", "chosen"),
            ("client_secret", "chosen by a stranger, long enough"),
            ("client_id_issued_at", 1),
            ("idp_require_consent", false),
            ("idp_is_self_registered", false),
            ("idp_enabled", false),
            ("idp_allow_requests_without_pkce", true),
            ("idp_access_token_lifetime", 86400),
            ("idp_introspection_audiences", new JsonArray(ServerFixture.OrdersApi)),
            ("idp_request_uri_prefixes", new JsonArray("https://app.example/")),
            ("skip_consent", true),
            ("first_party", true),
            ("roles", new JsonArray("admin")),
            ("tenant", "other"));

        var stored = (await _server.Services.GetRequiredService<IClientRegistrationStore>().FindAsync(told.Text("client_id"), default))!;
        Assert.NotEqual("chosen", stored.Client.ClientId);
        Assert.NotEqual("chosen by a stranger, long enough", told.Text("client_secret"));
        Assert.True(stored.Client is
        {
            RequireConsent: true, IsSelfRegistered: true, Enabled: true, AllowRequestsWithoutPkce: false, AccessTokenLifetime: null,
            IntrospectionAudiences.Count: 0, RequestUriPrefixes.Count: 0, LogoutRevokesOfflineAccess: false,
        });
        Assert.Equal(_server.Clock.GetUtcNow().ToUnixTimeSeconds(), stored.IssuedAt.ToUnixTimeSeconds());
    }

    [Theory]
    [Case(211)]
    [InlineData("not a jwt", "invalid_software_statement")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL3N0cmFuZ2VyLmV4YW1wbGUifQ.", "invalid_software_statement")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL3N0cmFuZ2VyLmV4YW1wbGUifQ.c2lnbmF0dXJl", "unapproved_software_statement")]
    public async Task Software_statement_is_refused_where_nobody_is_trusted(string statement, string error) => Assert.Equal(
        (400, error), (await _server.RegisterAsync(Registrations.Metadata(("software_statement", statement)))).StatusAndError);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"redirect_uris":["https://a.example/"],"redirect_uris":["https://b.example/"]}""")]
    [InlineData("""{"client_name":"\ud800"}""")]
    public async Task Body_that_is_no_document_is_refused(string body) => Assert.Equal(
        (400, "invalid_client_metadata"), (await _server.SendJsonAsync(HttpMethod.Post, Registrations.Path, body, token: null)).StatusAndError);

    [Fact]
    public async Task Body_of_another_type_or_size_is_refused()
    {
        using var form = new HttpRequestMessage(HttpMethod.Post, Registrations.Path) { Content = new FormUrlEncodedContent([]) };

        Assert.Equal(415, (await _server.SendAsync(form)).Status);
        Assert.Equal(413, (await _server.RegisterAsync(Registrations.Metadata(("x", new string('x', 70_000))))).Status);
    }

    [Fact]
    [Case(217)]
    public async Task Markup_comes_back_as_inert_json()
    {
        const string Markup = "<script>alert(1)</script>";
        var refused = await _server.RegisterAsync(Registrations.Metadata(("redirect_uris", new JsonArray("https://app.example/" + Markup))));
        var kept = await _server.RegisterAsync(Registrations.Metadata(("client_name", Markup)));

        foreach (var answer in new[] { refused, kept })
        {
            Assert.Equal("application/json", answer.ContentHeaders.ContentType!.ToString());
            Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
            Assert.DoesNotContain("<script", answer.Body, StringComparison.Ordinal);
        }

        Assert.Equal(Markup, kept.Json.Text("client_name"));
    }

    [Fact]
    [Case(214)]
    public async Task Reading_the_registration_endpoint_lists_nobody() =>
        Assert.Equal(405, (await _server.GetAsync(Registrations.Path)).Status);

    [Fact]
    public async Task Neither_secret_nor_token_stands_in_the_catalog()
    {
        var told = await _server.RegisteredAsync();

        var stored = (await _server.Services.GetRequiredService<IClientRegistrationStore>().FindAsync(told.Text("client_id"), default))!;
        Assert.True(stored.TokenHash.Span.SequenceEqual(RegistrationTokens.Hash(told.Text("registration_access_token"))));
        Assert.DoesNotContain(told.Text("client_secret"), System.Text.Json.JsonSerializer.Serialize(stored), StringComparison.Ordinal);
        Assert.DoesNotContain(told.Text("registration_access_token"), _server.Logs.AllText, StringComparison.Ordinal);
        Assert.NotNull(_server.Services.GetRequiredService<ICatalogStore>().Current.FindClient(told.Text("client_id")));
    }
}
