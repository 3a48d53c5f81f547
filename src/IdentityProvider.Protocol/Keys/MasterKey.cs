using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider.Protocol.Keys;

/// <summary>
/// The key that encrypts the secrets of the ring in the database: AES-256-GCM, with the record's id, purpose and algorithm as associated
/// data, so that a wrapped secret cannot be moved to another record. May be used from many threads.
/// </summary>
/// <remarks>A wrapped secret is: version, check value of the master key, nonce, ciphertext, tag.</remarks>
public sealed class MasterKey
{
    /// <summary>Bytes of a master key.</summary>
    public const int Length = 32;

    private const byte Version = 1;
    private const int CheckValueLength = 8;
    private const int NonceOffset = 1 + CheckValueLength;
    private const int NonceLength = 12;
    private const int CiphertextOffset = NonceOffset + NonceLength;
    private const int TagLength = 16;

    private readonly byte[] _key;
    private readonly byte[] _checkValue;

    /// <param name="key">32 random bytes; copied.</param>
    /// <param name="source">Where it came from, in words for the operator.</param>
    public MasterKey(ReadOnlySpan<byte> key, string source)
    {
        if (key.Length != Length)
        {
            throw new ArgumentException("A master key has 32 bytes.", nameof(key));
        }

        _key = key.ToArray();
        _checkValue = HMACSHA256.HashData(_key, "master key check value"u8)[..CheckValueLength];
        Source = source;
    }

    /// <summary>Where it came from, for example <c>file certs/master.key</c>.</summary>
    public string Source { get; }

    /// <summary>Tells one master key from another without giving it away; hexadecimal, in log lines and errors.</summary>
    public string CheckValue => Convert.ToHexStringLower(_checkValue);

    /// <summary>The check value of the master key that wrapped the secret; null when it is no wrapped secret.</summary>
    public static string? FindCheckValue(ReadOnlySpan<byte> wrapped) =>
        wrapped.Length >= CiphertextOffset + TagLength && wrapped[0] == Version ? Convert.ToHexStringLower(wrapped[1..NonceOffset]) : null;

    public byte[] Wrap(string id, string purpose, string algorithm, ReadOnlySpan<byte> secret)
    {
        var wrapped = new byte[CiphertextOffset + secret.Length + TagLength];
        wrapped[0] = Version;
        _checkValue.CopyTo(wrapped, 1);

        // A random nonce: a master key wraps some tens of secrets a year, far from the 2^32 of NIST SP 800-38D §8.3.
        var nonce = wrapped.AsSpan(NonceOffset, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(
            nonce,
            secret,
            wrapped.AsSpan(CiphertextOffset, secret.Length),
            wrapped.AsSpan(CiphertextOffset + secret.Length),
            AssociatedData(id, purpose, algorithm));
        return wrapped;
    }

    /// <summary>Null when this master key did not wrap it, or for another record, or when it was altered. The caller clears the array.</summary>
    public byte[]? Unwrap(string id, string purpose, string algorithm, ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length < CiphertextOffset + TagLength || wrapped[0] != Version || !wrapped[1..NonceOffset].SequenceEqual(_checkValue))
        {
            return null;
        }

        var secret = new byte[wrapped.Length - CiphertextOffset - TagLength];
        using var aes = new AesGcm(_key, TagLength);
        try
        {
            aes.Decrypt(
                wrapped.Slice(NonceOffset, NonceLength),
                wrapped[CiphertextOffset..^TagLength],
                wrapped[^TagLength..],
                secret,
                AssociatedData(id, purpose, algorithm));
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public override string ToString() => $"[master key {CheckValue}]";

    // Length before text, so that no two triples give the same bytes.
    private static byte[] AssociatedData(params ReadOnlySpan<string> parts)
    {
        var data = new List<byte> { Version };
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in parts)
        {
            var text = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
            data.AddRange(length);
            data.AddRange(text);
        }

        return [.. data];
    }
}
