using System.Buffers.Text;
using System.Security.Cryptography;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Tests.InMemory;

/// <summary>Real encryption and MACs under keys that live as long as the test.</summary>
internal sealed class InMemorySealing : ISealing
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>Set it higher to rotate; the keys before stay good.</summary>
    public uint ActiveMacKey { get; set; } = 1;

    public IReadOnlyList<uint> MacKeys => [.. Enumerable.Range(1, (int)ActiveMacKey).Select(number => (uint)number).Reverse()];

    public string Seal(SealPurpose purpose, ReadOnlySpan<byte> plaintext)
    {
        var sealedValue = new byte[12 + plaintext.Length + 16];
        RandomNumberGenerator.Fill(sealedValue.AsSpan(0, 12));
        using var aes = new AesGcm(_key, 16);
        aes.Encrypt(sealedValue.AsSpan(0, 12), plaintext, sealedValue.AsSpan(12, plaintext.Length), sealedValue.AsSpan(12 + plaintext.Length), [(byte)purpose]);
        return Base64Url.EncodeToString(sealedValue);
    }

    public byte[]? Open(SealPurpose purpose, string sealedValue)
    {
        if (!Base64Url.IsValid(sealedValue) || Base64Url.DecodeFromChars(sealedValue) is not { Length: > 28 } bytes)
        {
            return null;
        }

        var plaintext = new byte[bytes.Length - 28];
        using var aes = new AesGcm(_key, 16);
        try
        {
            aes.Decrypt(bytes.AsSpan(0, 12), bytes.AsSpan(12, plaintext.Length), bytes.AsSpan(12 + plaintext.Length), plaintext, [(byte)purpose]);
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public void SubjectMac(ReadOnlySpan<byte> data, Span<byte> mac) => HMACSHA256.HashData(_key, data, mac);

    public bool TryMac(uint macKey, SealPurpose purpose, ReadOnlySpan<byte> data, Span<byte> mac)
    {
        HMACSHA256.HashData(_key, [(byte)purpose, (byte)macKey, .. data], mac);
        return macKey >= 1 && macKey <= ActiveMacKey;
    }
}
