namespace IdentityProvider.Accounts.Devices;

/// <summary>A browser in which somebody has signed in to an account before. Table <c>devices</c>.</summary>
public sealed record Device
{
    /// <summary>A version 7 UUID; not a secret.</summary>
    public required Guid Id { get; init; }

    public required string AccountId { get; init; }

    /// <summary>SHA-256 of the secret in the browser's cookie: 32 bytes.</summary>
    public required ReadOnlyMemory<byte> SecretHash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Last complete sign-in.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>When it is forgotten unless somebody signs in again.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Until when the second factor is not asked for; null when it always is.</summary>
    public DateTimeOffset? TrustedUntil { get; init; }

    /// <summary>The account's security stamp when it was trusted: any change of password or factors ends the trust.</summary>
    public string? TrustedStamp { get; init; }

    /// <summary>As sent, cut to 256 characters; for the person's list.</summary>
    public string? UserAgent { get; init; }

    public string? RemoteAddress { get; init; }

    public bool IsTrusted(Account account, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(account);
        return now < TrustedUntil && string.Equals(TrustedStamp, account.SecurityStamp, StringComparison.Ordinal);
    }
}
