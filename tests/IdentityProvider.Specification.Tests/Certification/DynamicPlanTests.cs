using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Specification.Tests.Certification;

/// <summary>
/// Ports of the modules of <c>oidcc-dynamic-certification-test-plan</c> that ask for more than the basic plan and for no registration, each
/// named after its module. The client authenticates by <c>private_key_jwt</c> with keys it publishes.
/// </summary>
public sealed class DynamicPlanTests : IAsyncLifetime
{
    private readonly ServerFixture _server = ServerFixture.With("""{ "Outbound": { "allow_private_addresses": true } }""");
    private ClientSite _site = null!;

    public async Task InitializeAsync() => _site = await ClientSite.StartAsync();

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Oidcc_idtoken_rs256() =>
        Assert.Equal("RS256", Relying.Header((await TokensAsync(Register(Client() with { IdTokenSignedResponseAlg = "RS256" }))).IdToken).GetProperty("alg").GetString());

    [Fact]
    public async Task Oidcc_registration_jwks_uri()
    {
        var client = Register();

        Assert.Equal(client.ClientId, Relying.Payload((await TokensAsync(client)).IdToken).GetProperty("aud").GetString());
    }

    [Fact]
    public async Task Oidcc_ensure_client_assertion_with_iss_aud_succeeds()
    {
        var client = Register();
        using var browser = _server.NewBrowser();
        var code = (await browser.AuthorizeAsync(client, "alice", Relying.WithoutPkce()))["code"];

        Assert.Equal(200, (await RedeemAsync(client, code, audience: ServerFixture.Issuer)).Status);
    }

    [Fact]
    public async Task Oidcc_userinfo_rs256()
    {
        var client = Register(Client() with { UserinfoSignedResponseAlg = "RS256" });
        var tokens = await TokensAsync(client);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        request.Headers.Authorization = new("Bearer", tokens.AccessToken);
        using var response = await _server.Http.SendAsync(request);

        var jwt = await response.Content.ReadAsStringAsync();
        Assert.Equal("application/jwt", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        await AssertSignedByServerAsync(jwt);
        var claims = Relying.Payload(jwt);
        Assert.Equal(
            (ServerFixture.Issuer, client.ClientId, Relying.Payload(tokens.IdToken).GetProperty("sub").GetString()),
            (claims.GetProperty("iss").GetString(), claims.GetProperty("aud").GetString(), claims.GetProperty("sub").GetString()));
    }

    [Fact]
    public async Task Oidcc_ensure_redirect_uri_in_authorization_request() =>
        await AssertStaysAsync(Register(Client() with { RedirectUris = [TestClients.Callback, "https://app.example/2"] }), ("redirect_uri", null));

    [Fact]
    public async Task Oidcc_redirect_uri_query_OK()
    {
        const string WithQuery = TestClients.Callback + "?foo=bar";
        var client = Register(Client() with { RedirectUris = [WithQuery] });
        using var browser = _server.NewBrowser();

        var response = await browser.AuthorizeAsync(client, "alice", Relying.WithoutPkce(("redirect_uri", WithQuery)));

        Assert.Equal("bar", response["foo"]);
        Assert.Contains("code", response.Keys);
    }

    [Fact]
    public async Task Oidcc_redirect_uri_query_mismatch() => await AssertStaysAsync(
        Register(Client() with { RedirectUris = [TestClients.Callback + "?foo=bar"] }), ("redirect_uri", TestClients.Callback + "?bar=foo"));

    [Fact]
    public async Task Oidcc_redirect_uri_query_added() =>
        await AssertStaysAsync(Register(), ("redirect_uri", TestClients.Callback + "?foo=bar"));

    [Fact]
    public void Oidcc_redirect_uri_regfrag() => Assert.Equal(
        ["redirect_uris"], ClientRules.Validate(Client() with { RedirectUris = [TestClients.Callback + "#x"] }).Select(problem => problem.Member));

    [Fact]
    public async Task Oidcc_server_rotate_keys()
    {
        var before = await KeyIdsAsync();
        await _server.Services.GetRequiredService<KeyRotation>().RotateAsync("RS256", CancellationToken.None);

        var after = await KeyIdsAsync();

        Assert.Superset(before, after);
        Assert.Equal(before.Count + 1, after.Count);
    }

    [Fact]
    public async Task Oidcc_refresh_token_rp_key_rotation()
    {
        var client = Register();
        var tokens = await TokensAsync(client);
        _site.Rotate();
        _server.Clock.Advance(TimeSpan.FromSeconds(60));

        var refreshed = await _server.PostAsync("/connect/token", Named(client), [
            ("grant_type", "refresh_token"), ("refresh_token", tokens.RefreshToken), .. Assertion(client, ServerFixture.Issuer)]);

        Assert.Equal(200, refreshed.Status);
    }

    [Fact]
    public async Task Oidcc_request_uri_signed_rs256()
    {
        // The module registers the address with the hash of something else: the object is made when the client has its id.
        var address = _site.AddressOf("/request.jwt") + "#" + Base64Url.EncodeToString(SHA256.HashData("at random"u8));
        var client = Register(Client() with { RequestUris = [address], RequestObjectSigningAlg = "RS256" });
        _site.Publish("/request.jwt", RequestObject(client));

        Assert.Equal("inside", (await ByObjectAsync(client, ("request_uri", address)))["state"]);
    }

    [Fact]
    public async Task Oidcc_ensure_request_object_with_redirect_uri()
    {
        var client = Register();

        var response = await ByObjectAsync(client, ("request", RequestObject(client)), ("redirect_uri", "https://app.example/other"));

        Assert.Equal("inside", response["state"]);
        Assert.Contains("code", response.Keys);
    }

    private Client Client() => TestClients.Confidential() with
    {
        TokenEndpointAuthMethod = ClientAuthenticationMethods.PrivateKeyJwt,
        Secrets = [],
        JwksUri = _site.JwksUri,
        AllowRequestsWithoutPkce = true,
    };

    private Client Register() => Register(Client());

    private Client Register(Client client) => _server.Register(client);

    private async Task<(string AccessToken, string RefreshToken, string IdToken)> TokensAsync(Client client)
    {
        using var browser = _server.NewBrowser();
        var code = (await browser.AuthorizeAsync(client, "alice", Relying.WithoutPkce(("scope", "openid profile"))))["code"];
        var answer = await RedeemAsync(client, code, ServerFixture.Issuer);
        Assert.Equal(200, answer.Status);
        await AssertSignedByServerAsync(answer.IdToken);
        return (answer.AccessToken, answer.Json.GetProperty("refresh_token").GetString()!, answer.IdToken);
    }

    private Task<Answer> RedeemAsync(Client client, string code, string audience) => _server.PostAsync("/connect/token", Named(client), [
        ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", TestClients.Callback), .. Assertion(client, audience)]);

    /// <summary>Sent with nothing but the client's name; the assertion is among the parameters.</summary>
    private static Client Named(Client client) => client with { TokenEndpointAuthMethod = ClientAuthenticationMethods.None };

    private (string Name, string? Value)[] Assertion(Client client, string audience)
    {
        var now = _server.Clock.GetUtcNow().ToUnixTimeSeconds();
        var assertion = _site.Sign([
            new("iss", client.ClientId), new("sub", client.ClientId), new("aud", audience), new("jti", Guid.NewGuid().ToString()),
            new("iat", now), new("exp", now + 60)]);
        return [("client_assertion_type", AssertionAuthentication.AssertionType), ("client_assertion", assertion)];
    }

    private string RequestObject(Client client) => _site.Sign([
        new("iss", client.ClientId), new("aud", ServerFixture.Issuer), new("client_id", client.ClientId), new("response_type", "code"),
        new("redirect_uri", TestClients.Callback), new("scope", "openid"), new("state", "inside"), new("nonce", Flows.Nonce)]);

    private async Task<IReadOnlyDictionary<string, string>> ByObjectAsync(Client client, params (string Name, string? Value)[] parameters)
    {
        using var browser = _server.NewBrowser();
        return await browser.AuthorizeAsync(client, "alice", Relying.WithoutPkce([("state", "outside"), .. parameters]));
    }

    private async Task AssertStaysAsync(Client client, params (string Name, string? Value)[] changes)
    {
        using var browser = _server.NewBrowser();

        var page = await browser.GoAsync(client.AuthorizeAddress(Relying.WithoutPkce(changes)));

        Assert.Equal((400, (Uri?)null), (page.Status, browser.LeftTo));
    }

    private async Task<ISet<string>> KeyIdsAsync() =>
        (await KeysAsync()).Select(key => key.GetProperty("kid").GetString()!).ToHashSet(StringComparer.Ordinal);

    private async Task<IReadOnlyList<JsonElement>> KeysAsync() =>
        [.. (await _server.GetAsync("/.well-known/jwks.json")).Json.GetProperty("keys").EnumerateArray()];

    private async Task AssertSignedByServerAsync(string jwt)
    {
        var header = Relying.Header(jwt);
        var key = (await KeysAsync()).Single(key => key.GetProperty("kid").GetString() == header.GetProperty("kid").GetString());
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars(key.GetProperty("n").GetString()),
            Exponent = Base64Url.DecodeFromChars(key.GetProperty("e").GetString()),
        });
        var parts = jwt.Split('.');
        Assert.True(rsa.VerifyData(
            Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }
}
