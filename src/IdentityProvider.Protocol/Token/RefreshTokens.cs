using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Token;

/// <summary>
/// Refresh tokens are computed, not stored (ADR 4): version, MAC key number, grant id, counter, and a MAC over all of it. What is
/// forged or cut is refused without touching the database, and the same counter always gives the same token.
/// </summary>
public sealed class RefreshTokens(ISealing sealing)
{
    private const byte Version = 1;
    private const int KeyOffset = 1;
    private const int GrantOffset = KeyOffset + sizeof(uint);
    private const int CounterOffset = GrantOffset + 16;
    private const int MacOffset = CounterOffset + sizeof(long);
    private const int Length = MacOffset + HMACSHA256.HashSizeInBytes;

    private static readonly int EncodedLength = Base64Url.GetEncodedLength(Length);

    /// <summary>The token of a grant at a counter; base64url, 82 characters.</summary>
    public string Compute(Guid grantId, long counter)
    {
        var key = sealing.ActiveMacKey; // read once: it may be another one a moment later
        Span<byte> token = stackalloc byte[Length];
        token[0] = Version;
        BinaryPrimitives.WriteUInt32BigEndian(token[KeyOffset..], key);
        grantId.TryWriteBytes(token[GrantOffset..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(token[CounterOffset..], counter);
        return sealing.TryMac(key, SealPurpose.RefreshToken, token[..MacOffset], token[MacOffset..])
            ? Base64Url.EncodeToString(token)
            : throw new InvalidOperationException("the active MAC key is missing from the ring");
    }

    /// <summary>Null when the value is not ours. Whether it may still be used, only its grant can tell.</summary>
    public RefreshTokenValue? Open(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (token.Length != EncodedLength
            || !StrictBase64Url.TryDecode(token, out var decoded)
            || decoded is not { Length: Length }
            || decoded[0] != Version)
        {
            return null;
        }

        ReadOnlySpan<byte> bytes = decoded;
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var key = BinaryPrimitives.ReadUInt32BigEndian(bytes[KeyOffset..]);
        return sealing.TryMac(key, SealPurpose.RefreshToken, bytes[..MacOffset], mac)
            && CryptographicOperations.FixedTimeEquals(mac, bytes[MacOffset..])
            ? new RefreshTokenValue(
                new Guid(bytes.Slice(GrantOffset, 16), bigEndian: true),
                BinaryPrimitives.ReadInt64BigEndian(bytes[CounterOffset..]))
            : null;
    }
}

/// <summary>What a genuine refresh token says.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RefreshTokenValue(Guid GrantId, long Counter);
