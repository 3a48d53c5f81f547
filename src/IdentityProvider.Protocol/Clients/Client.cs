using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Clients;

/// <summary>
/// A registered client, immutable: RFC 7591 §2 and OIDC Registration §2. Property <c>RedirectUris</c> is metadata <c>redirect_uris</c> and
/// so on; what is ours and in no registry is written <c>idp_…</c> on the wire and says so here.
/// </summary>
public sealed record Client
{
    public required string ClientId { get; init; }

    /// <summary>Shown on our pages; the client id is shown when absent.</summary>
    public string? ClientName { get; init; }

    public string? ClientUri { get; init; }

    public string? LogoUri { get; init; }

    public string? PolicyUri { get; init; }

    public string? TosUri { get; init; }

    /// <summary>Ways to reach the client's people, usually mail addresses; for the operator (RFC 7591 §2).</summary>
    public IReadOnlyList<string> Contacts { get; init; } = [];

    /// <summary>Names and addresses for people in other languages: members such as <c>client_name#de</c> (RFC 7591 §2.2).</summary>
    public IReadOnlyList<LocalizedText> LocalizedTexts { get; init; } = [];

    /// <summary>The software, the same for every registration of it: RFC 7591 §2. Kept and told again, believed in nothing.</summary>
    public string? SoftwareId { get; init; }

    public string? SoftwareVersion { get; init; }

    /// <summary>The software statement the client was registered with, told again unmodified: RFC 7591 §3.2.1.</summary>
    public string? SoftwareStatement { get; init; }

    /// <summary>Where a sign-in can be begun from outside (https): OIDC Core §4. Kept and told again.</summary>
    public string? InitiateLoginUri { get; init; }

    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    public IReadOnlyList<string> PostLogoutRedirectUris { get; init; } = [];

    /// <summary>Where logout tokens are posted: Back-Channel Logout §2.2. Null: the client is not told.</summary>
    public string? BackchannelLogoutUri { get; init; }

    /// <summary>Back-Channel Logout §2.2. Ours always bear <c>sid</c>, so this is kept only to be told again.</summary>
    public bool BackchannelLogoutSessionRequired { get; init; }

    /// <summary>Loaded in a frame of our page after signing out: Front-Channel Logout §2. Null: the client is not told.</summary>
    public string? FrontchannelLogoutUri { get; init; }

    /// <summary>Whether <c>iss</c> and <c>sid</c> are added to <see cref="FrontchannelLogoutUri"/>: Front-Channel Logout §2.</summary>
    public bool FrontchannelLogoutSessionRequired { get; init; }

    /// <summary>Default <c>authorization_code</c>.</summary>
    public IReadOnlyList<string> GrantTypes { get; init; } = [GrantTypeNames.AuthorizationCode];

    /// <summary>Default and only supported value: <c>code</c>.</summary>
    public IReadOnlyList<string> ResponseTypes { get; init; } = ["code"];

    /// <summary>A value of <see cref="ClientAuthenticationMethods"/>; default <c>client_secret_basic</c>. <c>none</c> makes the client public.</summary>
    public string TokenEndpointAuthMethod { get; init; } = ClientAuthenticationMethods.ClientSecretBasic;

    /// <summary>The one algorithm allowed for <c>private_key_jwt</c>; null allows every supported one that the key allows.</summary>
    public string? TokenEndpointAuthSigningAlg { get; init; }

    /// <summary><c>web</c> (default) or <c>native</c>: decides which redirect URIs may be registered (OIDC Registration §2).</summary>
    public string ApplicationType { get; init; } = "web";

    /// <summary>Scopes the client may ask for.</summary>
    public ScopeSet Scope { get; init; } = ScopeSet.Empty;

    /// <summary>The client's public keys as a JWK Set document (RFC 7517 §5); null when it has none or publishes them at <see cref="JwksUri"/>.</summary>
    public string? Jwks { get; init; }

    public string? JwksUri { get; init; }

    /// <summary>Secrets that are accepted, each until its end, so that one can be replaced without a pause.</summary>
    public IReadOnlyList<ClientSecret> Secrets { get; init; } = [];

    /// <summary>Algorithm of ID tokens; null means RS256 (OIDC Registration §2).</summary>
    public string? IdTokenSignedResponseAlg { get; init; }

    /// <summary>With that default; null for a client that gets no ID tokens.</summary>
    internal string? EffectiveIdTokenAlg =>
        IdTokenSignedResponseAlg ?? (Scope.Contains(ScopeNames.OpenId) ? SigningAlgorithm.RS256.Name : null);

    /// <summary>Algorithm of userinfo answers, which are then JWTs; null means plain JSON (OIDC Registration §2).</summary>
    public string? UserinfoSignedResponseAlg { get; init; }

    /// <summary>The one algorithm allowed for request objects; null allows every supported one that the key allows. <c>none</c> never is.</summary>
    public string? RequestObjectSigningAlg { get; init; }

    /// <summary>Values of <c>request_uri</c> the client may send (OIDC Core §6.2). To one without a fragment the client may add the hash of what stands there.</summary>
    public IReadOnlyList<string> RequestUris { get; init; } = [];

    /// <summary>
    /// <c>idp_request_uri_prefixes</c>: beginnings, up to a <c>/</c>, of further values of <c>request_uri</c>, for a client that makes an address
    /// for each request. Whoever knows the client can have anything fetched that begins so.
    /// </summary>
    public IReadOnlyList<string> RequestUriPrefixes { get; init; } = [];

    /// <summary>A value of <see cref="SubjectTypes"/>; default <c>public</c>.</summary>
    public string SubjectType { get; init; } = SubjectTypes.Public;

    /// <summary>Its host is the sector of a pairwise client whose redirect URIs have several: OIDC Core §8.1.</summary>
    public string? SectorIdentifierUri { get; init; }

    /// <summary>Asked of every request that sends no <c>max_age</c>; null asks nothing.</summary>
    public TimeSpan? DefaultMaxAge { get; init; }

    public bool RequireAuthTime { get; init; }

    public IReadOnlyList<string> DefaultAcrValues { get; init; } = [];

    /// <summary><c>idp_require_acr</c>: the least <c>acr</c> of a sign-in for this client, a value of <see cref="AcrValues"/>; null takes any.</summary>
    public string? RequireAcr { get; init; }

    /// <summary>
    /// <c>idp_sign_in_methods</c>: ways to begin a sign-in for this client, of <see cref="SignInMethods"/>; null takes all that the server
    /// offers. Second factors are the account's matter and not limited by it.
    /// </summary>
    public IReadOnlyList<string>? SignInMethods { get; init; }

    /// <summary>
    /// <c>idp_require_consent</c>: whether the person is asked what the client may do: once, or every time when nothing proves who the client
    /// is (RFC 8252 §8.6). Default true; false for the operator's own clients.
    /// </summary>
    public bool RequireConsent { get; init; } = true;

    /// <summary>
    /// <c>idp_allow_requests_without_pkce</c>: a confidential OpenID client may leave out <c>code_challenge</c>; it then has to send a
    /// <c>nonce</c> and check it, which only the client can do (RFC 9700 §2.1.1). Default false. A challenge that was sent is always enforced.
    /// </summary>
    public bool AllowRequestsWithoutPkce { get; init; }

    /// <summary><c>idp_access_token_lifetime</c>, seconds on the wire; null takes the server's.</summary>
    public TimeSpan? AccessTokenLifetime { get; init; }

    /// <summary><c>idp_refresh_token_idle_lifetime</c>, seconds on the wire; null takes the server's.</summary>
    public TimeSpan? RefreshTokenIdleLifetime { get; init; }

    /// <summary><c>idp_refresh_token_absolute_lifetime</c>, seconds on the wire; null takes the server's.</summary>
    public TimeSpan? RefreshTokenAbsoluteLifetime { get; init; }

    /// <summary>
    /// <c>idp_logout_revokes_offline_access</c>: whether the client's grants with <c>offline_access</c> end with the session too. Default false,
    /// as Back-Channel Logout §2.7 advises.
    /// </summary>
    public bool LogoutRevokesOfflineAccess { get; init; }

    /// <summary><c>idp_introspection_audiences</c>: identifiers of the resources this client stands for at the introspection endpoint.</summary>
    public IReadOnlyList<string> IntrospectionAudiences { get; init; } = [];

    /// <summary>
    /// <c>idp_is_self_registered</c>: nobody here knows who made it (RFC 7591). Our pages say so, consent is always asked, and errors do not
    /// bounce the browser without a word (RFC 9700 §4.11.2).
    /// </summary>
    public bool IsSelfRegistered { get; init; }

    /// <summary><c>idp_enabled</c>; a disabled client is answered like an unknown one, and its tokens are withdrawn.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Status bit of its client-credentials tokens. Given by the store; enabling a disabled client gives a fresh one.
    /// <see cref="StatusReference.None"/> for self-registered clients that may have no such tokens: strangers must not use the list up.
    /// </summary>
    public StatusReference Status { get; init; }

    public bool IsPublic => string.Equals(TokenEndpointAuthMethod, ClientAuthenticationMethods.None, StringComparison.Ordinal);

    /// <summary>Whether it authenticates with a secret of ours.</summary>
    public bool NeedsSecret => TokenEndpointAuthMethod is ClientAuthenticationMethods.ClientSecretBasic or ClientAuthenticationMethods.ClientSecretPost;

    public bool IsPairwise => string.Equals(SubjectType, SubjectTypes.Pairwise, StringComparison.Ordinal);

    public string DisplayName => ClientName ?? ClientId;

    /// <summary>The name in a language of people, else as registered without one, else the id.</summary>
    public string NameIn(string language) => LocalizedText.Find(LocalizedTexts, "client_name", language) ?? DisplayName;

    public bool Allows(string grantType) => GrantTypes.Contains(grantType, StringComparer.Ordinal);
}
