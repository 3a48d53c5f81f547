using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace IdentityProvider.Protocol.Jose;

/// <summary>
/// Decodes base64url as RFC 7515 §2 defines it: no padding, no white space, no line breaks, and unused bits zero. The platform's decoder
/// skips white space and takes padding; one value would then have many spellings, and a token could be altered without becoming invalid.
/// </summary>
internal static class StrictBase64Url
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly SearchValues<byte> AlphabetBytes = SearchValues.Create(Encoding.ASCII.GetBytes(Alphabet));

    /// <summary>Whether the text decodes, without decoding it.</summary>
    public static bool IsValid(ReadOnlySpan<byte> encoded)
    {
        if (encoded.ContainsAnyExcept(AlphabetBytes))
        {
            return false;
        }

        // Two characters hold 12 bits for 8, three hold 18 for 16: the rest must be zero. One character alone holds no byte.
        return (encoded.Length % 4) switch
        {
            0 => true,
            2 => (SextetOf(encoded[^1]) & 0b1111) == 0,
            3 => (SextetOf(encoded[^1]) & 0b11) == 0,
            _ => false,
        };
    }

    public static int DecodedLength(int encodedLength) => (encodedLength / 4 * 3) + Math.Max(0, (encodedLength % 4) - 1);

    /// <summary>Decodes into a buffer of at least <see cref="DecodedLength"/> bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, Span<byte> destination, out int written)
    {
        written = 0;
        return IsValid(encoded) && Base64Url.TryDecodeFromUtf8(encoded, destination, out written);
    }

    public static bool TryDecode(string encoded, [NotNullWhen(true)] out byte[]? decoded)
    {
        decoded = null;
        if (!Ascii.IsValid(encoded))
        {
            return false;
        }

        var ascii = Encoding.ASCII.GetBytes(encoded);
        var buffer = new byte[DecodedLength(ascii.Length)];
        if (!TryDecode(ascii, buffer, out var written) || written != buffer.Length)
        {
            return false;
        }

        decoded = buffer;
        return true;
    }

    private static int SextetOf(byte character) => Alphabet.IndexOf((char)character, StringComparison.Ordinal);
}
