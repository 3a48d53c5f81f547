using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;

namespace IdentityProvider.Specification.Tests.Certification;

/// <summary>Ports of the modules of <c>oidcc-rp-initiated-logout-certification-test-plan</c>, each named after its module.</summary>
public sealed class LogoutPlanTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Oidcc_rp_initiated_logout_discovery_endpoint_verification() => Assert.Equal(
        ServerFixture.Issuer + "/connect/endsession",
        (await server.GetAsync("/.well-known/openid-configuration")).Json.GetProperty("end_session_endpoint").GetString());

    [Fact]
    public async Task Oidcc_rp_initiated_logout()
    {
        var (client, browser, idToken) = await LogInAsync();

        await browser.GoAsync(Address(("id_token_hint", idToken), ("post_logout_redirect_uri", TestClients.SignedOut), ("state", "s p&1")));

        Assert.Equal("s p&1", Flows.Parameters(browser.LeftTo!)["state"]);
        Assert.StartsWith(TestClients.SignedOut, browser.LeftTo!.ToString(), StringComparison.Ordinal);
        await AssertSignedOutAsync(browser, client);
    }

    [Fact]
    public async Task Oidcc_rp_initiated_logout_no_state()
    {
        var (client, browser, idToken) = await LogInAsync();

        await browser.GoAsync(Address(("id_token_hint", idToken), ("post_logout_redirect_uri", TestClients.SignedOut)));

        Assert.Equal(TestClients.SignedOut, browser.LeftTo!.ToString());
        await AssertSignedOutAsync(browser, client);
    }

    [Theory]
    [InlineData("oidcc-rp-initiated-logout-bad-post-logout-redirect-uri", "https://app.example/elsewhere")]
    [InlineData("oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri", TestClients.SignedOut + "?foo=bar")]
    public async Task Oidcc_rp_initiated_logout_redirects_to_registered_addresses_only(string module, string redirectUri)
    {
        var (_, browser, idToken) = await LogInAsync();

        var page = await browser.GoAsync(Address(("id_token_hint", idToken), ("post_logout_redirect_uri", redirectUri), ("state", "s")));

        Assert.True(browser.LeftTo is null && page.Status is 200 or 400, module);
    }

    [Theory]
    [InlineData("oidcc-rp-initiated-logout-modified-id-token-hint")]
    [InlineData("oidcc-rp-initiated-logout-bad-id-token-hint")]
    [InlineData("oidcc-rp-initiated-logout-no-id-token-hint")]
    public async Task Oidcc_rp_initiated_logout_with_a_hint_that_proves_nothing_stays_here(string module)
    {
        var (_, browser, idToken) = await LogInAsync();
        var hint = module switch
        {
            var name when name.Contains("modified", StringComparison.Ordinal) => Unsigned(idToken),
            var name when name.Contains("bad", StringComparison.Ordinal) => SignedByAStranger(idToken),
            _ => null,
        };

        var page = await browser.GoAsync(Address(("id_token_hint", hint), ("post_logout_redirect_uri", TestClients.SignedOut), ("state", "s")));

        Assert.Null(browser.LeftTo);
        Assert.Contains(page.Status, new[] { 200, 400 });
    }

    [Fact]
    public async Task Oidcc_rp_initiated_logout_no_post_logout_redirect_uri()
    {
        var (client, browser, idToken) = await LogInAsync();

        var page = await browser.GoAsync(Address(("id_token_hint", idToken)));

        Assert.Equal((200, (Uri?)null), (page.Status, browser.LeftTo));
        await AssertSignedOutAsync(browser, client);
    }

    [Theory]
    [InlineData("oidcc-rp-initiated-logout-no-params", null)]
    [InlineData("oidcc-rp-initiated-logout-only-state", "s")]
    public async Task Oidcc_rp_initiated_logout_without_anything_asks_and_then_signs_out(string module, string? state)
    {
        var (client, browser, _) = await LogInAsync();

        await browser.GoAsync(Address(("state", state)));
        Assert.True(browser.LeftTo is null, module);
        await browser.SubmitAsync("signout");

        Assert.Null(browser.LeftTo);
        await AssertSignedOutAsync(browser, client);
    }

    private static string Address(params (string Name, string? Value)[] parameters) => "/connect/endsession?" + string.Join(
        '&', parameters.Where(pair => pair.Value is not null).Select(pair => pair.Name + "=" + Uri.EscapeDataString(pair.Value!)));

    private static string Unsigned(string idToken) => Base64Url.EncodeToString("""{"alg":"none","typ":"JWT"}"""u8) + "." + idToken.Split('.')[1] + ".";

    private static string SignedByAStranger(string idToken)
    {
        using var rsa = RSA.Create(2048);
        var input = idToken[..idToken.LastIndexOf('.')];
        var signature = rsa.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return input + "." + Base64Url.EncodeToString(signature);
    }

    private static async Task AssertSignedOutAsync(Browser browser, Client client)
    {
        await browser.GoAsync(ServerFixture.Issuer + client.AuthorizeAddress(("prompt", "none")));
        Assert.Equal("login_required", Flows.Parameters(browser.LeftTo!)["error"]);
    }

    private async Task<(Client Client, Browser Browser, string IdToken)> LogInAsync()
    {
        var client = server.Register(TestClients.Confidential());
        var browser = server.NewBrowser();
        var response = await browser.AuthorizeAsync(client);
        var answer = await server.RedeemAsync(client, response["code"]);
        return (client, browser, answer.IdToken);
    }
}
