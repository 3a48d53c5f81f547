using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Tokens;

/// <summary>What one of our own access tokens says: RFC 9068 §2.2.</summary>
public sealed record AccessTokenClaims
{
    /// <summary><c>sub</c>: the account's id, its pairwise identifier, or the client's id for client credentials.</summary>
    public required string Subject { get; init; }

    public required string ClientId { get; init; }

    public required ScopeSet Scope { get; init; }

    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary><c>jti</c>.</summary>
    public required string Jti { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required StatusReference Status { get; init; }

    /// <summary>The grant it hangs on; null for client credentials.</summary>
    public Guid? GrantId { get; init; }

    /// <summary><c>sid</c>; null for client credentials.</summary>
    public string? SessionId { get; init; }

    public DateTimeOffset? AuthTime { get; init; }

    public string? Acr { get; init; }

    public IReadOnlyList<string> Amr { get; init; } = [];

    /// <summary>Claims that the <c>claims</c> parameter asked of userinfo (OIDC Core §5.5).</summary>
    public IReadOnlyList<string> UserInfoClaims { get; init; } = [];
}
