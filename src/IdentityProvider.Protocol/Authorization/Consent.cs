using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Authorization;

/// <summary>What a person allowed a client to do, remembered until it is withdrawn.</summary>
public sealed record Consent
{
    public required string Subject { get; init; }

    public required string ClientId { get; init; }

    public required ScopeSet Scope { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Last time it was given or widened.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
