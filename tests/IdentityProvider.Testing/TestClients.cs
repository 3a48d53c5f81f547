using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Testing;

/// <summary>Clients with safe defaults and names of their own; a test changes with <c>with</c> what it is about.</summary>
public static class TestClients
{
    public const string Secret = "a secret: of 32+ characters/with%signs";
    public const string Callback = "https://app.example/cb";
    public const string SignedOut = "https://app.example/signed-out";

    private static int _number;

    /// <summary>A single-page app: no secret, code and refresh, no consent asked.</summary>
    public static Client Public() => new()
    {
        ClientId = NewId("spa"),
        ClientName = "Shop",
        RedirectUris = [Callback],
        PostLogoutRedirectUris = [SignedOut],
        GrantTypes = [GrantTypeNames.AuthorizationCode, GrantTypeNames.RefreshToken],
        TokenEndpointAuthMethod = ClientAuthenticationMethods.None,
        Scope = ScopeSet.Of("openid", "profile", "email", "address", "phone", "offline_access", "orders.read", "orders.write"),
        RequireConsent = false,
    };

    /// <summary>A web application with a secret, by <c>client_secret_basic</c>.</summary>
    public static Client Confidential() => Public() with
    {
        ClientId = NewId("web"),
        TokenEndpointAuthMethod = ClientAuthenticationMethods.ClientSecretBasic,
        Secrets = [new ClientSecret(SHA256.HashData(Encoding.UTF8.GetBytes(Secret)), ExpiresAt: null)],
    };

    /// <summary>A service that gets tokens for itself.</summary>
    public static Client Worker() => Confidential() with
    {
        ClientId = NewId("worker"),
        RedirectUris = [],
        PostLogoutRedirectUris = [],
        GrantTypes = [GrantTypeNames.ClientCredentials],
        Scope = ScopeSet.Of("orders.read"),
    };

    /// <summary>A program in a terminal, connected by the device flow.</summary>
    public static Client Device() => Public() with
    {
        ClientId = NewId("device"),
        ClientName = "Terminal",
        RedirectUris = [],
        PostLogoutRedirectUris = [],
        GrantTypes = [GrantTypeNames.DeviceCode, GrantTypeNames.RefreshToken],
        ResponseTypes = [],
    };

    /// <summary>An API that introspects tokens for the resource.</summary>
    public static Client Api(string resource = ServerFixture.OrdersApi) => Worker() with
    {
        ClientId = NewId("api"),
        GrantTypes = [],
        Scope = ScopeSet.Empty,
        IntrospectionAudiences = [resource],
    };

    private static string NewId(string kind) =>
        $"{kind}-{Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture)}";
}
