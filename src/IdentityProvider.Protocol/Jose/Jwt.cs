using System.Text.Json;

namespace IdentityProvider.Protocol.Jose;

/// <summary>
/// A JWT whose signature was verified: RFC 7519. Only <see cref="JwtReader"/> makes one. The registered claims have the types of
/// RFC 7519 §4.1; whether they are the right values is for <see cref="JwtClaimRules"/> and the caller.
/// </summary>
public sealed class Jwt
{
    internal Jwt(JoseHeader header, SigningAlgorithm algorithm, JsonWebKey key, JsonElement payload)
    {
        Header = header.Element;
        KeyId = header.KeyId;
        Type = header.Type;
        Algorithm = algorithm;
        Key = key;
        Payload = payload;
    }

    /// <summary>The key that verified it; for a proof with its own key, that key.</summary>
    public JsonWebKey Key { get; }

    public SigningAlgorithm Algorithm { get; }

    /// <summary>The header's <c>kid</c>; null when it had none.</summary>
    public string? KeyId { get; }

    /// <summary>The header's <c>typ</c> as sent; null when it had none.</summary>
    public string? Type { get; }

    public JsonElement Header { get; }

    /// <summary>The claims: one JSON object, no member twice, every string well-formed.</summary>
    public JsonElement Payload { get; }

    public string? Issuer => GetString("iss");

    public string? Subject => GetString("sub");

    /// <summary><c>jti</c>.</summary>
    public string? Id => GetString("jti");

    public DateTimeOffset? ExpiresAt => GetTime("exp");

    public DateTimeOffset? NotBefore => GetTime("nbf");

    public DateTimeOffset? IssuedAt => GetTime("iat");

    /// <summary><c>aud</c> as a list, whether it was sent as a string or an array; empty when absent.</summary>
    public IReadOnlyList<string> Audiences => GetStrings("aud");

    public bool Has(string claim) => Payload.TryGetProperty(claim, out _);

    /// <summary>The claim when it is a string; null when it is absent or something else.</summary>
    public string? GetString(string claim) =>
        Payload.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The claim when it is a string or an array of strings, as a list; empty when it is absent or something else.</summary>
    public IReadOnlyList<string> GetStrings(string claim) =>
        Payload.TryGetProperty(claim, out var value) ? ClaimValues.ReadStrings(value) ?? [] : [];

    /// <summary>The claim when it is a NumericDate between 1970 and 9999 (RFC 7519 §2); null when it is absent or something else.</summary>
    public DateTimeOffset? GetTime(string claim) =>
        Payload.TryGetProperty(claim, out var value) ? ClaimValues.ReadNumericDate(value) : null;
}
