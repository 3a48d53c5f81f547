using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace IdentityProvider.Protocol.Jose;

/// <summary>Writes the protected header of our own tokens: <c>alg</c>, <c>typ</c>, <c>kid</c> and nothing else (RFC 7515 §4.1).</summary>
internal static class JwtHeaderEncoding
{
    /// <summary>Relaxed because the text is base64url-encoded next: nothing can break out of it, and the token is shorter.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Encode(SigningAlgorithm algorithm, string type, string keyId)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("alg"u8, algorithm.Name);
            writer.WriteString("typ"u8, type);
            writer.WriteString("kid"u8, keyId);
            writer.WriteEndObject();
        }

        return Base64Url.EncodeToUtf8(buffer.WrittenSpan);
    }
}
