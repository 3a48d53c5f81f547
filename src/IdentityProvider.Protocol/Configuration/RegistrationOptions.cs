using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Configuration;

/// <summary>Clients that register themselves (RFC 7591, RFC 7592): section <c>IdentityProvider:Registration</c>. Seconds on the wire and in files.</summary>
public sealed class RegistrationOptions
{
    private static readonly string[] GrantableTypes =
        [GrantTypeNames.AuthorizationCode, GrantTypeNames.RefreshToken, GrantTypeNames.ClientCredentials, GrantTypeNames.DeviceCode];

    /// <summary>
    /// Who may register a client: nobody (<c>off</c>, the default), whoever has a token of the command <c>registration token create</c>, or
    /// everybody (<c>open</c>).
    /// </summary>
    public ClientRegistrationMode Mode { get; set; } = ClientRegistrationMode.Off;

    /// <summary>
    /// Grant types such a client may have; others it asks for are left out. Default <c>authorization_code</c> and <c>refresh_token</c>;
    /// <c>client_credentials</c> and the device code have to be allowed here first.
    /// </summary>
    public IReadOnlyList<string> AllowedGrantTypes { get; set; } = [GrantTypeNames.AuthorizationCode, GrantTypeNames.RefreshToken];

    /// <summary>
    /// Scopes such a client may have; others it asks for are left out, and without <c>scope</c> it gets them all. Default the standard ones of
    /// OpenID Connect. Every scope here can be had by everybody whom a person allows it.
    /// </summary>
    public IReadOnlyList<string> AllowedScopes { get; set; } =
    [
        ScopeNames.OpenId, ScopeNames.Profile, ScopeNames.Email, ScopeNames.Address, ScopeNames.Phone, ScopeNames.OfflineAccess,
    ];

    /// <summary>
    /// Whether confidential OpenID clients that register themselves may leave out <c>code_challenge</c>; they have to send a <c>nonce</c> and
    /// check it instead, which nobody can do for them (RFC 9700 §2.1.1). Default false.
    /// </summary>
    public bool AllowRequestsWithoutPkce { get; set; }

    /// <summary>After that a client that never got a token is deleted. Default 7 days; from 1 hour to 365 days.</summary>
    public TimeSpan UnusedClientLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Registrations without a token from one address (IPv6: a /64) in an hour, refused ones included. Default 20; from 1 to 10000.</summary>
    public int RegistrationsPerHour { get; set; } = 20;

    /// <summary>
    /// Self-registered clients at the same time; beyond it registrations are refused until some were deleted. All nodes keep every client in
    /// memory. Default 10000; from 1 to 100000.
    /// </summary>
    public int MaxClients { get; set; } = 10_000;

    /// <summary>
    /// <c>iss</c> of the software statements (RFC 7591 §2.3) that are believed; what they say overrules the request. Default none: a registration
    /// with a software statement is refused.
    /// </summary>
    public string? SoftwareStatementIssuer { get; set; }

    /// <summary>Public keys of <c>software_statement_issuer</c> as a JWK Set (RFC 7517 §5).</summary>
    public JsonObject? SoftwareStatementJwks { get; set; }

    /// <summary>Every problem, one line each; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (var grantType in AllowedGrantTypes.Where(value => !GrantableTypes.Contains(value, StringComparer.Ordinal)))
        {
            yield return $"Registration:allowed_grant_types has {grantType}; known: {string.Join(", ", GrantableTypes)}.";
        }

        if (UnusedClientLifetime < TimeSpan.FromHours(1) || UnusedClientLifetime > TimeSpan.FromDays(365))
        {
            yield return "Registration:unused_client_lifetime must be from 3600 to 31536000 seconds.";
        }

        if (RegistrationsPerHour is < 1 or > 10_000)
        {
            yield return "Registration:registrations_per_hour must be from 1 to 10000.";
        }

        if (MaxClients is < 1 or > 100_000)
        {
            yield return "Registration:max_clients must be from 1 to 100000.";
        }

        if (SoftwareStatementIssuer is null != SoftwareStatementJwks is null)
        {
            yield return "Registration:software_statement_issuer and software_statement_jwks belong together.";
        }

        if (SoftwareStatementJwks is { } keys
            && !JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes(keys.ToJsonString()), strict: true, out _, out var reason))
        {
            yield return $"Registration:software_statement_jwks is no set of public keys: {reason}.";
        }
    }
}

/// <summary>Who may register a client.</summary>
public enum ClientRegistrationMode
{
    Off,

    [JsonStringEnumMemberName("initial_access_token")]
    InitialAccessToken,

    Open,
}
