using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.DeviceAuthorization;

/// <summary>
/// The two codes of RFC 8628 §3.2 under the key ring. The device code is computed and stored nowhere: version, MAC key number, id, and a
/// MAC over all of it, so what is forged is refused without touching the database. Of the user code the database has a MAC: without the
/// ring's key its 34.5 bits cannot be searched in a copy of the table.
/// </summary>
public sealed class DeviceAuthorizationCodes(ISealing sealing)
{
    private const byte Version = 1;
    private const int KeyOffset = 1;
    private const int IdOffset = KeyOffset + sizeof(uint);
    private const int MacOffset = IdOffset + 16;
    private const int CodeLength = MacOffset + HMACSHA256.HashSizeInBytes;

    private static readonly int EncodedLength = Base64Url.GetEncodedLength(CodeLength);

    /// <summary>The device code: base64url, 71 characters, 256 bits that nobody can guess (§5.2).</summary>
    public string DeviceCodeOf(Guid id)
    {
        var key = sealing.ActiveMacKey; // read once: it may be another one a moment later
        Span<byte> code = stackalloc byte[CodeLength];
        code[0] = Version;
        BinaryPrimitives.WriteUInt32BigEndian(code[KeyOffset..], key);
        id.TryWriteBytes(code[IdOffset..], bigEndian: true, out _);
        return sealing.TryMac(key, SealPurpose.DeviceCode, code[..MacOffset], code[MacOffset..])
            ? Base64Url.EncodeToString(code)
            : throw new InvalidOperationException("the active MAC key is missing from the ring");
    }

    /// <summary>The id under a genuine device code; null when it is none of ours.</summary>
    public Guid? OpenDeviceCode(string deviceCode)
    {
        ArgumentNullException.ThrowIfNull(deviceCode);
        if (deviceCode.Length != EncodedLength
            || !StrictBase64Url.TryDecode(deviceCode, out var decoded)
            || decoded is not { Length: CodeLength }
            || decoded[0] != Version)
        {
            return null;
        }

        ReadOnlySpan<byte> bytes = decoded;
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var key = BinaryPrimitives.ReadUInt32BigEndian(bytes[KeyOffset..]);
        return sealing.TryMac(key, SealPurpose.DeviceCode, bytes[..MacOffset], mac)
            && CryptographicOperations.FixedTimeEquals(mac, bytes[MacOffset..])
            ? new Guid(bytes.Slice(IdOffset, 16), bigEndian: true)
            : null;
    }

    /// <summary>What the database keeps of a new user code.</summary>
    public ReadOnlyMemory<byte> HashOf(UserCode code) =>
        HashOf(code, sealing.ActiveMacKey) ?? throw new InvalidOperationException("the active MAC key is missing from the ring");

    /// <summary>Under which values a typed code may stand: the active key first, then the others, for keys change while codes wait.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> HashesOf(UserCode code) =>
        sealing.MacKeys.Select(key => HashOf(code, key)).OfType<ReadOnlyMemory<byte>>();

    private ReadOnlyMemory<byte>? HashOf(UserCode code, uint key)
    {
        ArgumentNullException.ThrowIfNull(code);
        var hash = new byte[HMACSHA256.HashSizeInBytes];
        return sealing.TryMac(key, SealPurpose.UserCode, Encoding.ASCII.GetBytes(code.Letters), hash) ? hash : null;
    }
}
