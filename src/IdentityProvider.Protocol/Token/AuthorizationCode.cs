using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Token;

/// <summary>
/// What an authorization code carries, sealed: RFC 6749 §4.1.2. Issuing one writes nothing; redeeming it inserts the grant whose id is <see cref="Id"/>.
/// </summary>
public sealed record AuthorizationCode
{
    /// <summary>A version 7 UUID.</summary>
    public required Guid Id { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required string ClientId { get; init; }

    public required string Subject { get; init; }

    public required Guid SessionId { get; init; }

    /// <summary>As sent in the authorization request; null when it was left out there.</summary>
    public string? RedirectUri { get; init; }

    public string? CodeChallenge { get; init; }

    public string? Nonce { get; init; }

    public required ScopeSet Scope { get; init; }

    public IReadOnlyList<string> Resources { get; init; } = [];

    public required DateTimeOffset AuthTime { get; init; }

    public string? Acr { get; init; }

    public IReadOnlyList<string> Amr { get; init; } = [];

    public string? RequestedClaims { get; init; }

    /// <summary>
    /// What a remembered consent must still cover when it is redeemed: <see cref="Scope"/>, and the scopes of claims that were asked for by name. Null
    /// where the person was not asked.
    /// </summary>
    public ScopeSet? ConsentScope { get; init; }
}
