using System.Text.Json.Serialization;

namespace DeviceCli;

/// <summary>What this tool needs of the issuer's metadata (RFC 8414 §2, RFC 8628 §4).</summary>
internal sealed record Metadata(
    [property: JsonPropertyName("issuer"), JsonRequired] string Issuer,
    [property: JsonPropertyName("token_endpoint"), JsonRequired] Uri TokenEndpoint,
    [property: JsonPropertyName("userinfo_endpoint"), JsonRequired] Uri UserInfoEndpoint,
    [property: JsonPropertyName("revocation_endpoint"), JsonRequired] Uri RevocationEndpoint,
    [property: JsonPropertyName("device_authorization_endpoint"), JsonRequired] Uri DeviceAuthorizationEndpoint);
