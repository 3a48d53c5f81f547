using System.Net.Http.Headers;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Pages;

public sealed class DeclaredLanguageTests : IDisposable
{
    private static readonly Client Shop = TestClients.Public() with { ClientId = "shop" };

    private readonly ServerFixture _server = ServerFixture.With(
        """
        {
          "Declared": {
            "Scopes": [
              {
                "name": "orders.read", "display_name": "Read your orders", "description": "Old ones too.",
                "display_name#de": "Ihre Bestellungen lesen", "description#de": "Auch die alten."
              },
              { "name": "orders.write", "display_name": "Change your orders" },
              { "name": "stock.read" }
            ],
            "Clients": [
              {
                "client_id": "shop", "client_name": "Shop", "client_name#de": "Laden", "token_endpoint_auth_method": "none",
                "policy_uri": "https://app.example/privacy", "policy_uri#de": "https://app.example/datenschutz",
                "redirect_uris": ["https://app.example/cb"], "scope": "openid orders.read orders.write"
              }
            ]
          }
        }
        """);

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("de-AT", "Laden", "https://app.example/datenschutz", "Ihre Bestellungen lesen", "Auch die alten.")]
    [InlineData("en", "Shop", "https://app.example/privacy", "Read your orders", "Old ones too.")]
    [Clause("RFC 7591", "2.2", "Human-readable client metadata values may be represented in multiple languages and scripts.")]
    public async Task Declared_clients_and_scopes_speak_the_pages_language(string language, string name, string policy, string title, string text)
    {
        using var browser = _server.NewBrowser();

        await browser.GoAsync(Shop.AuthorizeAddress(("scope", "openid orders.read orders.write"), ("ui_locales", language)));
        Assert.Equal(name, browser.Text(".client-name"));
        await browser.SignInAsync("bob", ServerFixture.Password);

        Assert.Equal("/consent", browser.Address.AbsolutePath);
        Assert.Contains(name, browser.Text("h1"), StringComparison.Ordinal);
        Assert.Contains($"href=\"{policy}\"", browser.Current!.Body, StringComparison.Ordinal);
        Assert.Contains(title, browser.Text("#scopes"), StringComparison.Ordinal);
        Assert.Contains(text, browser.Text("#scopes"), StringComparison.Ordinal);
        Assert.Contains("Change your orders", browser.Text("#scopes"), StringComparison.Ordinal);

        await browser.SendFormAsync("#consent", ("decision", "allow"));
        foreach (var page in new[] { "/account/applications", "/account/history" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(ServerFixture.Issuer), page));
            request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
            await browser.SendAsync(request);
            Assert.Contains(name, browser.Text("main"), StringComparison.Ordinal);
        }
    }
}
