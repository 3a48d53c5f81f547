using System.Buffers;
using System.Buffers.Text;

namespace IdentityProvider.ResourceServer.Jose;

/// <summary>RFC 7515 §2: the URL-safe alphabet, no padding, no white space. The framework's decoder alone is more lenient.</summary>
internal static class Base64UrlText
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>The bytes, or null when the text is empty or not canonical base64url.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.ContainsAnyExcept(Alphabet) || text.Length % 4 == 1)
        {
            return null;
        }

        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.DecodeFromChars(text, bytes, out _, out var written) == OperationStatus.Done
            ? bytes[..written]
            : null;
    }
}
