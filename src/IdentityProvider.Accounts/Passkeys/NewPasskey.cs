using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.Passkeys;

/// <summary>What an authenticator made, verified: WebAuthn L3 §7.1 step 27.</summary>
public sealed record NewPasskey(
    ReadOnlyMemory<byte> CredentialId,
    ReadOnlyMemory<byte> PublicKey,
    uint SignCount,
    IReadOnlyList<string> Transports,
    bool IsBackupEligible,
    bool IsBackedUp)
{
    /// <summary>More than there are kinds; a browser that sends more sends nonsense.</summary>
    private const int MostTransports = 10;

    internal static NewPasskey Of(UserPasskeyInfo made) => new(
        made.CredentialId, made.PublicKey, made.SignCount, [.. (made.Transports ?? []).Where(IsTransport).Take(MostTransports)],
        made.IsBackupEligible, made.IsBackedUp);

    /// <summary>An enumeration of the text (§5.8.4), open to growth: letters and a hyphen.</summary>
    private static bool IsTransport(string? value) =>
        value is { Length: > 0 and <= 20 } && value.All(character => char.IsAsciiLetterLower(character) || character is '-');
}
