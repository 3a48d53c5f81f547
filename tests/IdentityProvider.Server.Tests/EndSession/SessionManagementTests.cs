using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.EndSession;

/// <summary>OpenID Connect Session Management 1.0 on the wire; what needs a browser is tested in one.</summary>
public sealed class SessionManagementTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Path = "/connect/checksession";

    private readonly Client _client = server.Register(TestClients.Public());

    [Fact]
    public async Task Oidcc_session_management_discovery_endpoint_verification()
    {
        var metadata = (await server.GetAsync("/.well-known/openid-configuration")).Json;

        Assert.Equal(ServerFixture.Issuer + Path, metadata.GetProperty("check_session_iframe").GetString());
        Assert.Equal(ServerFixture.Issuer + "/connect/endsession", metadata.GetProperty("end_session_endpoint").GetString());
    }

    [Fact]
    [Clause("Session Management", "3.2", "salted cryptographic hash of Client ID, origin URL, and OP User Agent state")]
    public async Task Session_state_is_the_salted_hash_of_client_origin_and_browser_state()
    {
        using var browser = await server.SignInAsync("alice");

        var one = (await browser.AuthorizeAsync(_client))["session_state"];
        var other = (await browser.AuthorizeAsync(_client))["session_state"];

        var state = browser.Cookies.GetCookies(new Uri(ServerFixture.Issuer))["__Host-idp-browser-state"]!.Value;
        var salt = one.Split('.')[1];
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{_client.ClientId} https://app.example {state} {salt}"));
        Assert.Equal($"{Base64Url.EncodeToString(hash)}.{salt}", one);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public async Task Only_successful_openid_responses_to_an_origin_bear_it()
    {
        var native = server.Register(TestClients.Public() with { ApplicationType = "native", RedirectUris = ["com.example.app:/cb"] });
        using var browser = await server.SignInAsync("alice");

        Assert.DoesNotContain("session_state", (await browser.AuthorizeAsync(_client, changes: ("scope", "orders.read"))).Keys);
        Assert.DoesNotContain("session_state", (await browser.AuthorizeAsync(native, changes: ("redirect_uri", "com.example.app:/cb"))).Keys);
        using var nobody = server.NewBrowser();
        await nobody.GoAsync(_client.AuthorizeAddress(("prompt", "none")));
        Assert.DoesNotContain("session_state", Flows.Parameters(nobody.LeftTo!).Keys);
    }

    [Fact]
    public async Task Signing_out_takes_the_browser_state_away()
    {
        using var browser = await server.SignInAsync("alice");
        var tokens = await server.RedeemAsync(_client, (await browser.AuthorizeAsync(_client))["code"]);

        await browser.GoAsync("/connect/endsession?id_token_hint=" + tokens.IdToken);

        Assert.Null(browser.Cookies.GetCookies(new Uri(ServerFixture.Issuer))["__Host-idp-browser-state"]);
    }

    [Fact]
    [Case(254)]
    public async Task The_frame_is_one_script_that_others_may_embed_and_nothing_else_of_ours_is()
    {
        var frame = await server.GetAsync(Path);

        Assert.Equal((200, null), (frame.Status, frame.Header("X-Frame-Options")));
        Assert.StartsWith(
            "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors https:", frame.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Null(frame.Header("Set-Cookie"));
        Assert.Equal("DENY", (await server.GetAsync("/signin")).Header("X-Frame-Options"));
    }

    [Theory]
    [Case(254)]
    [InlineData("https://app.example", 204)]
    [InlineData("https://app.example/", 404)]
    [InlineData("https://app.example:8443", 404)]
    [InlineData("http://app.example", 404)]
    [InlineData("https://evil.example", 404)]
    [InlineData("null", 404)]
    [InlineData("", 404)]
    public async Task Only_the_clients_own_origin_may_ask(string origin, int status)
    {
        var answer = await server.GetAsync($"{Path}?client_id={_client.ClientId}&origin={Uri.EscapeDataString(origin)}");

        Assert.Equal(status, answer.Status);
        Assert.Equal(404, (await server.GetAsync($"{Path}?client_id=unknown&origin=https%3A%2F%2Fapp.example")).Status);
    }
}
