using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Discovery;

/// <summary>
/// The published JWK Set (RFC 7517 §5), ready to send: made once per change of the ring. Public members only.
/// </summary>
public sealed class JsonWebKeySetDocument
{
    /// <summary>RFC 7517 §8.5.2.</summary>
    public const string MediaType = "application/jwk-set+json";

    public JsonWebKeySetDocument(JsonWebKeySet keys, TimeSpan maxAge)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            keys.WritePublicTo(writer);
        }

        Body = buffer.WrittenSpan.ToArray();
        ETag = $"\"{Base64Url.EncodeToString(SHA256.HashData(Body.Span).AsSpan(0, 16))}\"";
        MaxAge = maxAge;
        CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={(long)maxAge.TotalSeconds}");
    }

    /// <summary>UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Strong, in its quotation marks (RFC 9110 §8.8.3); the same on every node that holds the same keys.</summary>
    public string ETag { get; }

    public TimeSpan MaxAge { get; }

    /// <summary>Value of the header of that name. A key signs only when it has been announced for longer than this.</summary>
    public string CacheControl { get; }
}
