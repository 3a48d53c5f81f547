using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace IdentityProvider.Protocol.Clients;

/// <summary>
/// HTTP Basic as RFC 6749 §2.3.1 uses it: id and secret are each form-encoded, joined by a colon, and then encoded as RFC 7617 says.
/// </summary>
internal sealed record BasicCredentials(string ClientId, string Secret)
{
    private const string Scheme = "Basic ";
    private const int MaxLength = 4096;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool TryParse(string header, [NotNullWhen(true)] out BasicCredentials? credentials)
    {
        credentials = null;
        if (header.Length > MaxLength || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        Span<byte> decoded = stackalloc byte[MaxLength];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), decoded, out var length))
        {
            return false;
        }

        var text = decoded[..length];
        var colon = text.IndexOf((byte)':');
        if (colon < 0 || FormDecode(text[..colon]) is not { Length: > 0 } id || FormDecode(text[(colon + 1)..]) is not { } secret)
        {
            return false;
        }

        credentials = new BasicCredentials(id, secret);
        return true;
    }

    /// <summary>application/x-www-form-urlencoded decoding; null when an escape or the UTF-8 is broken.</summary>
    private static string? FormDecode(ReadOnlySpan<byte> encoded)
    {
        Span<byte> plain = stackalloc byte[MaxLength];
        var count = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var value = encoded[i];
            if (value == (byte)'%')
            {
                if (i + 2 >= encoded.Length
                    || !Utf8Parser.TryParse(encoded.Slice(i + 1, 2), out byte escaped, out var used, 'X')
                    || used != 2)
                {
                    return null;
                }

                value = escaped;
                i += 2;
            }
            else if (value == (byte)'+')
            {
                value = (byte)' ';
            }

            plain[count++] = value;
        }

        try
        {
            return StrictUtf8.GetString(plain[..count]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
