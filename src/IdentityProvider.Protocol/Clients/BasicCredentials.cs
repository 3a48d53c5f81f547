using System.Diagnostics.CodeAnalysis;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Clients;

/// <summary>
/// HTTP Basic as RFC 6749 §2.3.1 uses it: id and secret are each form-encoded, joined by a colon, and then encoded as RFC 7617 says.
/// </summary>
internal sealed record BasicCredentials(string ClientId, string Secret)
{
    private const string Scheme = "Basic ";
    private const int MaxLength = 4096;

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
        if (colon < 0 || FormUrlEncoding.Decode(text[..colon]) is not { Length: > 0 } id || FormUrlEncoding.Decode(text[(colon + 1)..]) is not { } secret)
        {
            return false;
        }

        credentials = new BasicCredentials(id, secret);
        return true;
    }
}
