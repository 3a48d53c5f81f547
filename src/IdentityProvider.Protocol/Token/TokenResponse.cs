using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Token;

/// <summary>A successful token response: RFC 6749 §5.1, OIDC Core §3.1.3.3.</summary>
public sealed record TokenResponse
{
    public required string AccessToken { get; init; }

    public string TokenType { get; init; } = "Bearer";

    /// <summary>Lifetime of the access token; whole seconds on the wire.</summary>
    public required TimeSpan ExpiresIn { get; init; }

    public string? RefreshToken { get; init; }

    public string? IdToken { get; init; }

    /// <summary>Scope of the access token; always told.</summary>
    public required ScopeSet Scope { get; init; }
}
