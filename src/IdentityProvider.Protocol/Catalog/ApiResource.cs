namespace IdentityProvider.Protocol.Catalog;

/// <summary>A protected API: what an access token can be for (RFC 8707 §2, RFC 9068 §3).</summary>
public sealed record ApiResource
{
    /// <summary>An absolute URI without fragment; the value of <c>aud</c>.</summary>
    public required string Identifier { get; init; }

    public string? DisplayName { get; init; }

    /// <summary>Scopes that mean this API. A scope may belong to several.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Algorithm of access tokens for it; null means RS256.</summary>
    public string? AccessTokenSigningAlg { get; init; }

    /// <summary>Lifetime of access tokens for it; null takes the client's or the server's. The shortest wins.</summary>
    public TimeSpan? AccessTokenLifetime { get; init; }

    public bool Enabled { get; init; } = true;
}
