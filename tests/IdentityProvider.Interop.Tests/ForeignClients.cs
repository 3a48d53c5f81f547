using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.Interop.Tests;

/// <summary>All clients that others wrote and that run against the built server; docs/interoperability.md says the same.</summary>
internal static class ForeignClients
{
    private static readonly string[] Programs =
    [
        "/usr/sbin/apache2", "/usr/lib/apache2/modules/mod_auth_openidc.so", "/usr/bin/oidc-agent", "/usr/bin/chromium",
        "/usr/lib/python3/dist-packages/authlib", "/usr/lib/python3/dist-packages/requests",
    ];

    public static ForeignClient OpenIdClient { get; } = new(
        "openid-client",
        "6.8.9",
        "npm",
        "discovery: OpenID Connect and RFC 8414",
        "authorization code with PKCE, `state`, `nonce` and `iss`",
        "userinfo",
        "refresh with rotation",
        "replayed refresh token ends the grant",
        "`form_post`, ID token in PS256",
        "`claims`, `max_age`",
        "`prompt=none` with `id_token_hint`, and its refusal",
        "client credentials by `client_secret_basic`, `client_secret_post` and `private_key_jwt`, with `resource`",
        "request object (RFC 9101), ID token in ES256",
        "device flow",
        "introspection",
        "revocation",
        "end session");

    public static ForeignClient OAuth4WebApi { get; } = new(
        "oauth4webapi",
        "3.8.8",
        "npm",
        "discovery: OpenID Connect and RFC 8414",
        "authorization code with PKCE, `state`, `nonce` and `iss`, public client",
        "client authentication by `client_secret_basic`, `client_secret_post` and `private_key_jwt`; ID tokens in RS256, PS256 and ES256",
        "`form_post`",
        "userinfo",
        "refresh with rotation",
        "code used twice takes back what it gave",
        "client credentials with `resource`",
        "JWT access token (RFC 9068)",
        "introspection",
        "revocation",
        "request object (RFC 9101)",
        "device flow with `authorization_pending`");

    public static ForeignClient OidcClientTs { get; } = new(
        "oidc-client-ts",
        "3.5.0",
        "npm",
        "discovery, token, userinfo and key set from another origin (CORS) in Chromium",
        "authorization code with PKCE in a page",
        "silent sign-in by `prompt=none` in a frame",
        "silent renewal by refresh token, with rotation",
        "session state by `prompt=none` (`querySessionStatus`)",
        "revocation",
        "sign-out, after which `prompt=none` is `login_required`");

    public static ForeignClient Jose { get; } = new(
        "jose",
        "6.2.17",
        "npm",
        "access token (`at+jwt`)",
        "status list",
        "ID tokens in RS256, PS256 and ES256",
        "back-channel logout token",
        "`keys rotate --compromised`: the next key is found, tokens of the one before are refused");

    public static ForeignClient ModAuthOpenIdc { get; } = new(
        "mod_auth_openidc",
        "2.4.12.3",
        "Debian, with Apache 2.4.71",
        "discovery",
        "sign-in: authorization code with PKCE and `nonce`, claims for the application",
        "refresh",
        "API by introspection (`AuthType oauth20`)",
        "sign-out at the server",
        "back-channel logout");

    public static ForeignClient OidcAgent { get; } = new(
        "oidc-agent",
        "4.2.6",
        "Debian",
        "discovery",
        "device flow",
        "authorization code with PKCE",
        "refresh, with the rotated token kept",
        "access token for an API");

    public static ForeignClient Authlib { get; } = new(
        "Authlib",
        "1.2.0",
        "Debian: python3-authlib",
        "discovery",
        "authorization code with PKCE, `state` and `nonce`; ID token verified by the key set",
        "userinfo",
        "refresh with rotation",
        "client credentials by `client_secret_basic`, `client_secret_post` and `private_key_jwt`",
        "introspection",
        "revocation");

    public static ForeignClient JwtBearer { get; } = new(
        "Microsoft.AspNetCore.Authentication.JwtBearer",
        "3.1.18",
        "NuGet",
        "access token, by discovery and key set",
        "altered token refused",
        "status list refused as access token");

    /// <summary>In the order of the page.</summary>
    public static IReadOnlyList<ForeignClient> All { get; } =
        [OpenIdClient, OAuth4WebApi, OidcClientTs, Jose, ModAuthOpenIdc, OidcAgent, Authlib, JwtBearer];

    /// <summary>Where the clients' programs and settings stand.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "IdentityProvider.Interop.Tests");

    public static string NodeModules { get; } = Path.Combine(Folder, "Node", "node_modules");

    /// <summary>Null when all foreign programs can be had; else what is missing. In CI it is never null: there the tests fail instead.</summary>
    public static string? FindObstacle()
    {
        var missing = Programs.Append(NodeModules).Where(path => !Path.Exists(path)).ToList();
        return missing.Count == 0 || string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.Ordinal)
            ? null
            : $"not installed: {string.Join(", ", missing)} (tests/run installs them)";
    }
}
