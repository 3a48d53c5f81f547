namespace IdentityProvider.Protocol.Registration;

/// <summary>A token that allows registrations where not everybody may register: RFC 7591 §1.2 and §3. The token itself is kept as a hash only.</summary>
public sealed record InitialAccessToken
{
    public required Guid Id { get; init; }

    /// <summary>The operator's own words, such as whom it was given to; at most 200 characters.</summary>
    public string? Note { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From then on it is refused; null never expires.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How many clients may be registered with it; null knows no limit.</summary>
    public int? MaxUses { get; init; }

    /// <summary>How many were.</summary>
    public int Uses { get; init; }
}
