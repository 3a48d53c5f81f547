using System.Text.Json.Serialization;

namespace NativeApp;

/// <summary>What this app needs of the issuer's metadata (OIDC Discovery §3).</summary>
internal sealed record Metadata(
    [property: JsonPropertyName("issuer"), JsonRequired] string Issuer,
    [property: JsonPropertyName("authorization_endpoint"), JsonRequired] Uri AuthorizationEndpoint,
    [property: JsonPropertyName("token_endpoint"), JsonRequired] Uri TokenEndpoint,
    [property: JsonPropertyName("userinfo_endpoint"), JsonRequired] Uri UserInfoEndpoint,
    [property: JsonPropertyName("revocation_endpoint"), JsonRequired] Uri RevocationEndpoint);
