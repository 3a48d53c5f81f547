using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Tokens;

/// <summary>
/// What a user allowed a client; every token of it hangs on this one row (architecture: a code is a sealed envelope, one row per
/// grant). Its id is the id of the authorization code that opened it, so opening it twice is impossible.
/// </summary>
public sealed record Grant
{
    /// <summary>Id of the code that opened it: a version 7 UUID, so that rows are appended in order of time.</summary>
    public required Guid Id { get; init; }

    public required string ClientId { get; init; }

    /// <summary>The account's id, never a pairwise subject.</summary>
    public required string Subject { get; init; }

    /// <summary>The browser session it was allowed in.</summary>
    public required Guid SessionId { get; init; }

    public required ScopeSet Scope { get; init; }

    /// <summary>Resource indicators of the authorization request (RFC 8707 §2.1); empty when none were sent.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    public required DateTimeOffset AuthTime { get; init; }

    public string? Acr { get; init; }

    public IReadOnlyList<string> Amr { get; init; } = [];

    /// <summary>Claims that were asked by name and allowed, in the form of the <c>claims</c> parameter (OIDC Core §5.5); null when there are none.</summary>
    public string? RequestedClaims { get; init; }

    /// <summary>Number of rotations: the only refresh token that is fresh bears this counter.</summary>
    public long Counter { get; init; }

    /// <summary>Time of the last rotation; null before the first.</summary>
    public DateTimeOffset? RotatedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends unless it is refreshed before; slides with each rotation, never past <see cref="AbsoluteExpiresAt"/>.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it ends whatever happens.</summary>
    public required DateTimeOffset AbsoluteExpiresAt { get; init; }

    /// <summary>When it was withdrawn; null while it stands.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Status bit of every access token issued from now on.</summary>
    public required StatusReference Status { get; init; }

    /// <summary>Whether it outlives the session (<c>offline_access</c>, OIDC Core §11).</summary>
    public bool IsOffline => Scope.Contains(ScopeNames.OfflineAccess);

    public bool IsLive(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt;
}
