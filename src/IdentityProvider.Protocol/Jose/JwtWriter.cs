using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace IdentityProvider.Protocol.Jose;

/// <summary>
/// Writes signed JWTs in compact form: RFC 7515 §7.1, RFC 7519 §7.1. Claims, encoding and signing happen in buffers that are kept per
/// thread and cleared after use; the only thing allocated is the string that is returned.
/// </summary>
public static class JwtWriter
{
    /// <summary>Signs the claims that the callback writes.</summary>
    /// <param name="credential">Signs; gives <c>alg</c> and <c>kid</c>.</param>
    /// <param name="type">The <c>typ</c>, for example <c>at+jwt</c>. Say it always: readers tell tokens apart by it (RFC 8725 §3.11).</param>
    /// <param name="state">Given to the callback, so that it can be a static lambda.</param>
    /// <param name="writeClaims">
    /// Writes the members of the payload, without the braces. A claim must not be written twice; the writer does not look.
    /// </param>
    public static string Write<TState>(SigningCredential credential, string type, TState state, Action<Utf8JsonWriter, TState> writeClaims)
    {
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentNullException.ThrowIfNull(writeClaims);

        // When the callback throws, the buffers are not given back: they may hold half a token.
        var buffers = JwtBuffers.Rent();
        var json = buffers.Json;
        json.WriteStartObject();
        writeClaims(json, state);
        json.WriteEndObject();
        json.Flush();
        var token = Sign(credential, credential.GetEncodedHeader(type), buffers.Payload);
        buffers.Return();
        return token;
    }

    /// <summary>Signs a payload that is already UTF-8 JSON.</summary>
    public static string Write(SigningCredential credential, string type, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentException.ThrowIfNullOrEmpty(type);
        return Sign(credential, credential.GetEncodedHeader(type), payload);
    }

    private static string Sign(SigningCredential credential, ReadOnlySpan<byte> encodedHeader, ReadOnlySpan<byte> payload)
    {
        var payloadLength = Base64Url.GetEncodedLength(payload.Length);
        var inputLength = encodedHeader.Length + 1 + payloadLength;
        var length = inputLength + 1 + Base64Url.GetEncodedLength(credential.SignatureLength);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var token = rented.AsSpan(0, length);
            encodedHeader.CopyTo(token);
            token[encodedHeader.Length] = (byte)'.';
            Base64Url.EncodeToUtf8(payload, token[(encodedHeader.Length + 1)..]);
            token[inputLength] = (byte)'.';

            Span<byte> signature = stackalloc byte[credential.SignatureLength];
            credential.Sign(token[..inputLength], signature);
            Base64Url.EncodeToUtf8(signature, token[(inputLength + 1)..]);
            return Encoding.ASCII.GetString(token);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(rented.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
