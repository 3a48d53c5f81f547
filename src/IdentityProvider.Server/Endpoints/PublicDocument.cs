using System.Buffers.Text;
using System.Security.Cryptography;

namespace IdentityProvider.Server.Endpoints;

/// <summary>Bytes that are the same for everybody until something changes: metadata, keys, status lists.</summary>
internal sealed record PublicDocument
{
    public required ReadOnlyMemory<byte> Body { get; init; }

    public required string ContentType { get; init; }

    /// <summary>Strong, with its quotation marks.</summary>
    public required string ETag { get; init; }

    public required string CacheControl { get; init; }

    public static string ETagOf(ReadOnlySpan<byte> body) => $"\"{Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, 16))}\"";
}
