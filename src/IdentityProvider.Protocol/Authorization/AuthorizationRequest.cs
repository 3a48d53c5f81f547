using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Authorization;

/// <summary>A validated authorization request: RFC 6749 §4.1.1, OIDC Core §3.1.2.1, RFC 7636 §4.3, RFC 8707 §2.1.</summary>
public sealed record AuthorizationRequest
{
    public required Client Client { get; init; }

    public required string RedirectUri { get; init; }

    /// <summary>Whether <c>redirect_uri</c> was sent; then the token request must repeat it (RFC 6749 §4.1.3).</summary>
    public required bool RedirectUriWasSent { get; init; }

    public required string ResponseMode { get; init; }

    public required ScopeSet Scope { get; init; }

    /// <summary>What the person has to allow: <see cref="Scope"/>, and the scopes whose claims are asked by name without them (OIDC Core §5.5).</summary>
    public required ScopeSet ConsentScope { get; init; }

    public IReadOnlyList<string> Resources { get; init; } = [];

    public string? State { get; init; }

    public string? Nonce { get; init; }

    /// <summary>S256 challenge, 43 characters; null only where the client may leave PKCE out.</summary>
    public string? CodeChallenge { get; init; }

    public IReadOnlyList<string> Prompt { get; init; } = [];

    public TimeSpan? MaxAge { get; init; }

    public IReadOnlyList<string> AcrValues { get; init; } = [];

    /// <summary>Only names of claims that the client may ask for by some scope.</summary>
    public RequestedClaims Claims { get; init; } = RequestedClaims.None;

    /// <summary>Who must be signed in, as the client sees them: of <c>id_token_hint</c>, or of a <c>sub</c> asked by value (OIDC Core §3.1.2.1, §5.5.1).</summary>
    public string? RequiredSubject { get; init; }

    public bool Prompts(string value) => Prompt.Contains(value, StringComparer.Ordinal);
}
