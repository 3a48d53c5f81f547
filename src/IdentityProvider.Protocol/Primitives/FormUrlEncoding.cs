using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace IdentityProvider.Protocol.Primitives;

/// <summary>
/// Reads <c>application/x-www-form-urlencoded</c> as RFC 6749 Appendix B means it: UTF-8, and nothing is guessed. A broken escape,
/// bytes that are not UTF-8, and NUL make the whole input unreadable instead of being replaced, so that nobody downstream reads
/// another value than we did.
/// </summary>
public static class FormUrlEncoding
{
    private const int StackLimit = 512;

    private static readonly SearchValues<byte> Encoded = SearchValues.Create("%+\0"u8);

    /// <summary>Appends the pairs of a form body. False when it is malformed; what was appended by then means nothing.</summary>
    public static bool TryRead(ReadOnlySpan<byte> form, ICollection<KeyValuePair<string, string>> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        while (!form.IsEmpty)
        {
            var end = form.IndexOf((byte)'&');
            var pair = end < 0 ? form : form[..end];
            form = end < 0 ? default : form[(end + 1)..];
            if (pair.IsEmpty)
            {
                continue;
            }

            var equals = pair.IndexOf((byte)'=');
            var name = Decode(equals < 0 ? pair : pair[..equals]);
            var value = Decode(equals < 0 ? default : pair[(equals + 1)..]);
            if (name is null || value is null)
            {
                return false;
            }

            pairs.Add(KeyValuePair.Create(name, value));
        }

        return true;
    }

    /// <summary>Appends the pairs of a query component, with or without its question mark. False when it is malformed.</summary>
    public static bool TryReadQuery(ReadOnlySpan<char> query, ICollection<KeyValuePair<string, string>> pairs)
    {
        if (query is ['?', ..])
        {
            query = query[1..];
        }

        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(query.Length));
        try
        {
            // A lone surrogate is the only thing that cannot be written as UTF-8.
            return Utf8.FromUtf16(query, buffer, out _, out var length, replaceInvalidSequences: false) == OperationStatus.Done
                && TryRead(buffer.AsSpan(0, length), pairs);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>One name or value; null when it is malformed.</summary>
    public static string? Decode(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IndexOfAny(Encoded) < 0)
        {
            return Utf8.IsValid(encoded) ? Encoding.UTF8.GetString(encoded) : null;
        }

        byte[]? rented = null;
        var plain = encoded.Length <= StackLimit ? stackalloc byte[StackLimit] : rented = ArrayPool<byte>.Shared.Rent(encoded.Length);
        try
        {
            return TryUnescape(encoded, plain, out var length) && Utf8.IsValid(plain[..length]) ? Encoding.UTF8.GetString(plain[..length]) : null;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented, clearArray: true);
            }
        }
    }

    private static bool TryUnescape(ReadOnlySpan<byte> encoded, Span<byte> plain, out int length)
    {
        length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var value = encoded[i];
            if (value == (byte)'+')
            {
                value = (byte)' ';
            }
            else if (value == (byte)'%')
            {
                if (i + 2 >= encoded.Length || !char.IsAsciiHexDigit((char)encoded[i + 1]) || !char.IsAsciiHexDigit((char)encoded[i + 2]))
                {
                    return false;
                }

                value = (byte)((HexValue(encoded[i + 1]) << 4) | HexValue(encoded[i + 2]));
                i += 2;
            }

            if (value == 0)
            {
                return false;
            }

            plain[length++] = value;
        }

        return true;
    }

    private static int HexValue(byte digit) => digit <= (byte)'9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
