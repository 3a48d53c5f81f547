namespace IdentityProvider.Protocol.Tokens;

/// <summary>
/// Authenticated encryption and MACs under the key ring (AES-256-GCM, HMAC-SHA-256). What was sealed for one purpose opens for no other.
/// </summary>
public interface ISealing
{
    /// <summary>Encrypts under the active sealing key; base64url.</summary>
    string Seal(SealPurpose purpose, ReadOnlySpan<byte> plaintext);

    /// <summary>The plaintext, or null when the value is forged, altered, cut, of another purpose or under a removed key. Expiry is the caller's.</summary>
    byte[]? Open(SealPurpose purpose, string sealedValue);

    /// <summary>Number of the active MAC key, to be stored beside the MAC.</summary>
    uint ActiveMacKey { get; }

    /// <summary>Numbers of all keys that <see cref="TryMac"/> knows, the active one first.</summary>
    IReadOnlyList<uint> MacKeys { get; }

    /// <summary>HMAC-SHA-256 (32 bytes) over <paramref name="data"/> under the numbered key; false when that key was removed.</summary>
    bool TryMac(uint macKey, SealPurpose purpose, ReadOnlySpan<byte> data, Span<byte> mac);

    /// <summary>HMAC-SHA-256 (32 bytes) under the one key that never changes: the same answer for ever, on every node.</summary>
    void SubjectMac(ReadOnlySpan<byte> data, Span<byte> mac);
}

/// <summary>What a sealed value or MAC is for; bound as associated data.</summary>
public enum SealPurpose
{
    AuthorizationCode = 1,
    PendingAuthorization = 2,
    SessionCookie = 3,
    FlowCookie = 4,
    RefreshToken = 5,
    PageState = 6,
    DeviceCode = 7,
    UserCode = 8,
    SignInProgress = 9,
    Mail = 10,
    AccountLink = 11,
    PasskeyTicket = 12,
    UpstreamTicket = 13,
    SentCode = 14,
    Sms = 15,
    SignUp = 16,
    Invitation = 17,
}
