using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace IdentityProvider.Protocol.Jose;

/// <summary>The name a public key gives itself: RFC 7638.</summary>
public static class JwkThumbprint
{
    /// <summary>SHA-256 over the required members in lexicographic order without white space (RFC 7638 §3.2, §3.3), base64url.</summary>
    public static string Compute(JsonWebKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (key.Curve is null)
            {
                writer.WriteString("e"u8, Base64Url.EncodeToString(key.Exponent.Span));
                writer.WriteString("kty"u8, key.KeyType);
                writer.WriteString("n"u8, Base64Url.EncodeToString(key.Modulus.Span));
            }
            else
            {
                writer.WriteString("crv"u8, key.Curve);
                writer.WriteString("kty"u8, key.KeyType);
                writer.WriteString("x"u8, Base64Url.EncodeToString(key.X.Span));
                writer.WriteString("y"u8, Base64Url.EncodeToString(key.Y.Span));
            }

            writer.WriteEndObject();
        }

        return Base64Url.EncodeToString(SHA256.HashData(buffer.WrittenSpan));
    }
}
