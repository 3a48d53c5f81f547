namespace IdentityProvider.Protocol.Keys;

/// <summary>One key of the ring as stored.</summary>
public sealed record KeyRecord
{
    /// <summary>For signing keys the <c>kid</c> (RFC 7638 thumbprint); for others a random name.</summary>
    public required string Id { get; init; }

    /// <summary>A word of <see cref="KeyPurposes"/>.</summary>
    public required string Purpose { get; init; }

    /// <summary><c>RS256</c>, <c>ES256</c>, <c>PS256</c> for signing, <c>A256GCM</c> for sealing, <c>HS256</c> for MACs, <c>xml</c> for data protection.</summary>
    public required string Algorithm { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From then on it signs (announced before).</summary>
    public required DateTimeOffset ActivatesAt { get; init; }

    /// <summary>From then on it signs nothing; null while its successor is not planned.</summary>
    public DateTimeOffset? RetiresAt { get; init; }

    /// <summary>From then on it is neither published nor accepted and may be deleted.</summary>
    public DateTimeOffset? RemovesAt { get; init; }

    /// <summary>The private or secret part, encrypted under the master key with the record's id and purpose as associated data.</summary>
    public required ReadOnlyMemory<byte> WrappedSecret { get; init; }
}

/// <summary>What a key of the ring is for. A key is used for one purpose only.</summary>
public static class KeyPurposes
{
    public const string Signing = "signing";
    public const string Sealing = "sealing";
    public const string Mac = "mac";
    public const string DataProtection = "data_protection";

    /// <summary>Makes pairwise subjects. There is one, it never ends: with another one nobody would be who they were (ADR 9).</summary>
    public const string Subject = "subject";
}
