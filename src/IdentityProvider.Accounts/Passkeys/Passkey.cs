namespace IdentityProvider.Accounts.Passkeys;

/// <summary>A credential record: WebAuthn L3 §4. One of an account's passkeys.</summary>
public sealed record Passkey
{
    /// <summary>Our name for it, a version 7 UUID; what forms and the audit trail say. Not a secret.</summary>
    public required Guid Id { get; init; }

    /// <summary>The authenticator's name for it: 1 to 1,023 bytes, unique among all accounts.</summary>
    public required ReadOnlyMemory<byte> CredentialId { get; init; }

    public required string AccountId { get; init; }

    /// <summary>What the person calls it; at most <see cref="PasskeyNames.MaxLength"/> characters.</summary>
    public required string Name { get; init; }

    /// <summary>A COSE_Key (RFC 9052 §7).</summary>
    public required ReadOnlyMemory<byte> PublicKey { get; init; }

    /// <summary>The highest signature counter seen; authenticators that count nothing stay at 0.</summary>
    public required uint SignCount { get; init; }

    /// <summary>How a browser may reach the authenticator (<c>internal</c>, <c>usb</c>, <c>hybrid</c> ...): a hint and no more.</summary>
    public IReadOnlyList<string> Transports { get; init; } = [];

    /// <summary>Whether it may be copied to other devices of the person. Never changes.</summary>
    public required bool IsBackupEligible { get; init; }

    /// <summary>Whether it was copied, as of its last use.</summary>
    public required bool IsBackedUp { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null until it was used to sign in.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}
