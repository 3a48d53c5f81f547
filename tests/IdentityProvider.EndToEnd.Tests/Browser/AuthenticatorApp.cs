using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>An authenticator app (RFC 6238): written from the specification, so that it agrees with the server only if both are right.</summary>
internal sealed class AuthenticatorApp(string key)
{
    public string Code()
    {
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // RFC 6238 apps use HMAC-SHA-1, whose weakness in collisions does not touch a MAC.
        var mac = HMACSHA1.HashData(Secret(), counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadUInt32BigEndian(mac.AsSpan(mac[^1] & 15)) & 0x7fffffff;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private byte[] Secret()
    {
        var bits = string.Concat(key.Where(char.IsAsciiLetterOrDigit).Select(letter =>
            Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }
}
