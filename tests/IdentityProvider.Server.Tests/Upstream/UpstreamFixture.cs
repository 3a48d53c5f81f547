using System.Text.Json.Nodes;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Upstream;

/// <summary>
/// A server with two providers, under five names: <c>acme</c> and <c>other</c> make accounts, <c>closed</c> makes none and asks userinfo,
/// <c>staff</c> admits one domain and has levels, <c>off</c> is disabled.
/// </summary>
public sealed class UpstreamFixture : IAsyncLifetime
{
    internal FakeProvider Acme { get; private set; } = null!;

    internal FakeProvider Other { get; private set; } = null!;

    public ServerFixture Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        (Acme, Other) = (await FakeProvider.StartAsync(), await FakeProvider.StartAsync());
        var settings = new JsonObject
        {
            ["Outbound"] = new JsonObject { ["allow_private_addresses"] = true },
            ["Upstream"] = new JsonArray(
                Provider("acme", "Acme", Acme.Issuer, ("allow_registration", true)),
                Provider("other", "Other", Other.Issuer, ("allow_registration", true)),
                Provider("closed", "Closed", Other.Issuer, ("use_userinfo", true), ("token_endpoint_auth_method", "client_secret_post")),
                Provider(
                    "staff", "Staff", Acme.Issuer, ("allow_registration", true), ("email_domains", new JsonArray("staff.example")),
                    ("two_factor_acr_values", new JsonArray("gold"))),
                Provider("off", "Off", Acme.Issuer, ("allow_registration", true), ("enabled", false))),
        };
        Server = ServerFixture.With(settings.ToJsonString());
        (Acme.Clock, Other.Clock) = (Server.Clock, Server.Clock);
    }

    public async Task DisposeAsync()
    {
        Server.Dispose();
        await Acme.DisposeAsync();
        await Other.DisposeAsync();
    }

    /// <summary>Presses the provider's button where the browser is. The request that the provider gets.</summary>
    public static async Task<Uri> PressAsync(Browser browser, string provider)
    {
        ArgumentNullException.ThrowIfNull(browser);
        var button = browser.Page.QuerySelector($"[data-provider={provider}]") ?? throw new InvalidOperationException(browser.Current!.Body);
        await browser.GoAsync(button.GetAttribute("href")!);
        return browser.LeftTo ?? throw new InvalidOperationException($"{browser.Current!.Status}: {browser.Current.Body}");
    }

    /// <summary>Signs in on the sign-in page by a provider. The last answer.</summary>
    internal async Task<Answer> SignInAsync(
        Browser browser, string provider, string subject, params (string Name, JsonNode Value)[] claims)
    {
        await browser.GoAsync("/signin");
        var request = await PressAsync(browser, provider);
        return await browser.GoAsync((provider is "other" or "closed" ? Other : Acme).Agree(request, subject, claims));
    }

    /// <summary>The account that is signed in, by its id; null when nobody is.</summary>
    internal async Task<Account?> WhoAsync(Browser browser)
    {
        if (browser.SessionCookie() is null)
        {
            return null;
        }

        var client = Server.Register(TestClients.Public());
        var tokens = await Server.RedeemAsync(client, (await browser.AuthorizeAsync(client))["code"]);
        using var scope = Server.Services.CreateScope();
        return await scope.ServiceProvider.GetRequiredService<UserManager<Account>>()
            .FindByIdAsync(SignIn.SecondFactorSteps.ClaimsOf(tokens.IdToken).GetProperty("sub").GetString()!);
    }

    internal async Task<string?> FindAccountAsync(string provider, string issuer, string subject)
    {
        var identity = new UpstreamIdentity
        {
            Provider = new UpstreamProvider { Id = provider, Issuer = issuer },
            Subject = subject,
            Claims = new Dictionary<string, string>(StringComparer.Ordinal),
        };
        return await Server.Services.GetRequiredService<ILinkedIdentityStore>().FindAccountAsync(provider, identity.Key, default);
    }

    private static JsonObject Provider(string id, string name, string issuer, params (string Name, JsonNode Value)[] more)
    {
        var provider = new JsonObject
        {
            ["id"] = id,
            ["display_name"] = name,
            ["issuer"] = issuer,
            ["client_id"] = FakeProvider.ClientId,
            ["client_secret"] = FakeProvider.Secret,
            ["id_token_signing_algs"] = new JsonArray("ES256"),
        };
        foreach (var (member, value) in more)
        {
            provider[member] = value;
        }

        return provider;
    }
}
