using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using IdentityProvider.Protocol.Clients;

namespace IdentityProvider.Admin.Declared;

/// <summary>
/// A client as files write it: the metadata of RFC 7591 §2 under its own names, ours with <c>idp_</c> in front. <c>client_name</c>,
/// <c>client_uri</c>, <c>logo_uri</c>, <c>policy_uri</c> and <c>tos_uri</c> may be written once more for people of a language: <c>client_name#de</c>
/// (RFC 7591 §2.2).
/// </summary>
public sealed class DeclaredClient : IDeclaredInLanguages
{
    /// <summary>Required. Printable ASCII without spaces, at most 100 characters. Files are merged by it.</summary>
    public string ClientId { get; set; } = string.Empty;

    /// <summary>
    /// Secret of a confidential client, at least 24 characters; kept as SHA-256. Better given outside the file:
    /// <c>IdentityProvider__Declared__Clients__CLIENT__client_secret</c>.
    /// </summary>
    public string? ClientSecret { get; set; }

    /// <summary>More secrets, as hashes and with an end, so that one can be replaced without a pause: <c>sha256</c>, <c>expires_at</c>.</summary>
    public IReadOnlyList<DeclaredSecret> IdpClientSecrets { get; set; } = [];

    /// <summary>Name shown on our pages; default is the client id. At most 100 characters.</summary>
    [InLanguages]
    public string? ClientName { get; set; }

    /// <summary>The client's home page (https).</summary>
    [InLanguages]
    public string? ClientUri { get; set; }

    /// <summary>The client's logo (https).</summary>
    [InLanguages]
    public string? LogoUri { get; set; }

    /// <summary>The client's privacy policy (https).</summary>
    [InLanguages]
    public string? PolicyUri { get; set; }

    /// <summary>The client's terms of service (https).</summary>
    [InLanguages]
    public string? TosUri { get; set; }

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<LocalizedText> LocalizedTexts { get; set; } = [];

    /// <summary>
    /// Where authorization responses may go, compared as text; only the port of a loopback IP literal may differ (RFC 8252 §7.3).
    /// </summary>
    public IReadOnlyList<string> RedirectUris { get; set; } = [];

    /// <summary>Where the browser may go after signing out, compared as text.</summary>
    public IReadOnlyList<string> PostLogoutRedirectUris { get; set; } = [];

    /// <summary>Where we post a logout token when a session with this client ends (https; OpenID Connect Back-Channel Logout 1.0).</summary>
    public string? BackchannelLogoutUri { get; set; }

    /// <summary>Whether logout tokens must bear <c>sid</c>. Ours always do. Default false.</summary>
    public bool BackchannelLogoutSessionRequired { get; set; }

    /// <summary>
    /// Loaded in a hidden frame of our page after signing out; same scheme, host and port as one of <c>redirect_uris</c> (OpenID Connect
    /// Front-Channel Logout 1.0).
    /// </summary>
    public string? FrontchannelLogoutUri { get; set; }

    /// <summary>Whether <c>iss</c> and <c>sid</c> are added to <c>frontchannel_logout_uri</c>. Default false.</summary>
    public bool FrontchannelLogoutSessionRequired { get; set; }

    /// <summary><c>authorization_code</c> (the default), <c>refresh_token</c>, <c>client_credentials</c>; an empty list for an API that only introspects.</summary>
    public IReadOnlyList<string>? GrantTypes { get; set; }

    /// <summary>Default and only value: <c>code</c>.</summary>
    public IReadOnlyList<string>? ResponseTypes { get; set; }

    /// <summary><c>client_secret_basic</c> (the default), <c>client_secret_post</c>, <c>private_key_jwt</c>, or <c>none</c> for a public client.</summary>
    public string? TokenEndpointAuthMethod { get; set; }

    /// <summary>The one algorithm accepted for <c>private_key_jwt</c>; default every supported one that the key allows.</summary>
    public string? TokenEndpointAuthSigningAlg { get; set; }

    /// <summary><c>web</c> (the default) or <c>native</c>, which may register private-use URI schemes (RFC 8252 §7.1).</summary>
    public string? ApplicationType { get; set; }

    /// <summary>Scopes the client may ask for, separated by spaces.</summary>
    public string? Scope { get; set; }

    /// <summary>The client's public keys as a JWK Set (RFC 7517 §5); not together with <c>jwks_uri</c>.</summary>
    public JsonObject? Jwks { get; set; }

    /// <summary>Where the client publishes its public keys (https).</summary>
    public string? JwksUri { get; set; }

    /// <summary><c>RS256</c> (the default) or another algorithm of <c>Keys:algorithms</c>.</summary>
    public string? IdTokenSignedResponseAlg { get; set; }

    /// <summary>An algorithm of <c>Keys:algorithms</c>: userinfo answers with a JWT signed so. Default plain JSON.</summary>
    public string? UserinfoSignedResponseAlg { get; set; }

    /// <summary>
    /// The one algorithm accepted for request objects (RFC 9101), which are verified with <c>jwks</c> or <c>jwks_uri</c>; default every
    /// supported one that the key allows. <c>none</c> is never accepted.
    /// </summary>
    public string? RequestObjectSigningAlg { get; set; }

    /// <summary>
    /// Addresses (https, at most 512 characters) the client may send as <c>request_uri</c>; compared as text. Where none has a fragment, the
    /// client may add one: the SHA-256 of what stands there, in base64url, which is then verified.
    /// </summary>
    public IReadOnlyList<string> RequestUris { get; set; } = [];

    /// <summary><c>public</c> (the default), or <c>pairwise</c>: a <c>sub</c> that only clients of the same sector share.</summary>
    public string? SubjectType { get; set; }

    /// <summary>
    /// Its host is the sector of a pairwise client (https); needed unless all <c>redirect_uris</c> have one host. Changing the sector changes
    /// the <c>sub</c> of everybody.
    /// </summary>
    public string? SectorIdentifierUri { get; set; }

    /// <summary>Seconds; asked of every request without <c>max_age</c>. Default asks nothing.</summary>
    public TimeSpan? DefaultMaxAge { get; set; }

    /// <summary>Whether ID tokens always bear <c>auth_time</c>. Default false.</summary>
    public bool RequireAuthTime { get; set; }

    /// <summary>Asked of every request without <c>acr_values</c>.</summary>
    public IReadOnlyList<string> DefaultAcrValues { get; set; } = [];

    /// <summary>The least <c>acr</c> of a sign-in for this client: <c>1</c> one factor, <c>2</c> two. Default any.</summary>
    public string? IdpRequireAcr { get; set; }

    /// <summary>Ways to begin a sign-in for this client, such as <c>password</c>. Default all that <c>SignIn:methods</c> offers.</summary>
    public IReadOnlyList<string>? IdpSignInMethods { get; set; }

    /// <summary>Whether the person is asked what the client may do. Default true; false for the operator's own clients.</summary>
    public bool IdpRequireConsent { get; set; } = true;

    /// <summary>
    /// Whether a confidential OpenID client may leave out <c>code_challenge</c>; it has to send a <c>nonce</c> and check it instead, which
    /// nobody can do for it (RFC 9700 §2.1.1). Default false. A challenge that was sent is always enforced.
    /// </summary>
    public bool IdpAllowRequestsWithoutPkce { get; set; }

    /// <summary>Seconds, from 60 to 86400; default is the server's.</summary>
    public TimeSpan? IdpAccessTokenLifetime { get; set; }

    /// <summary>Seconds that a refresh token may lie unused; default is the server's.</summary>
    public TimeSpan? IdpRefreshTokenIdleLifetime { get; set; }

    /// <summary>Seconds that a grant can be refreshed in all; default is the server's.</summary>
    public TimeSpan? IdpRefreshTokenAbsoluteLifetime { get; set; }

    /// <summary>Whether signing out ends the client's <c>offline_access</c> grants of that session as well. Default false: they outlive it.</summary>
    public bool IdpLogoutRevokesOfflineAccess { get; set; }

    /// <summary>
    /// Beginnings of addresses (https, up to a <c>/</c> of the path) the client may send as <c>request_uri</c>, for one that makes an address for
    /// each request. Whoever knows the <c>client_id</c> can have the server fetch whatever begins so.
    /// </summary>
    public IReadOnlyList<string> IdpRequestUriPrefixes { get; set; } = [];

    /// <summary>Identifiers of the resources this client stands for at the introspection endpoint (RFC 7662).</summary>
    public IReadOnlyList<string> IdpIntrospectionAudiences { get; set; } = [];

    /// <summary>A disabled client is answered like an unknown one, and its tokens are withdrawn. Default true.</summary>
    public bool IdpEnabled { get; set; } = true;
}
