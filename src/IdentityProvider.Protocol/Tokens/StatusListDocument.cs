using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider.Protocol.Tokens;

/// <summary>A Status List Token ready to send: draft-ietf-oauth-status-list §8.2.</summary>
public sealed class StatusListDocument
{
    /// <summary>The only form we publish; <c>application/statuslist+cwt</c> is not offered.</summary>
    public const string MediaType = "application/statuslist+jwt";

    internal StatusListDocument(string token, DateTimeOffset issuedAt, DateTimeOffset expiresAt, string cacheControl)
    {
        Body = Encoding.ASCII.GetBytes(token);
        ETag = $"\"{Base64Url.EncodeToString(SHA256.HashData(Body.Span).AsSpan(0, 16))}\"";
        IssuedAt = issuedAt;
        ExpiresAt = expiresAt;
        CacheControl = cacheControl;
    }

    /// <summary>The signed JWT in compact form, ASCII.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Strong, in its quotation marks. It changes when a bit was set, and when the token is signed again before it expires.</summary>
    public string ETag { get; }

    public DateTimeOffset IssuedAt { get; }

    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Value of the header of that name. What resource servers keep is for <c>ttl</c> and <c>exp</c> to say (§8.2), not for this.</summary>
    public string CacheControl { get; }
}
