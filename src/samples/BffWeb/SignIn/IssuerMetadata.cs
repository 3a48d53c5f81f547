using System.Text.Json.Serialization;

namespace BffWeb.SignIn;

/// <summary>What this site needs of the issuer's metadata (OIDC Discovery §3).</summary>
internal sealed record IssuerMetadata(
    [property: JsonPropertyName("issuer"), JsonRequired] string Issuer,
    [property: JsonPropertyName("authorization_endpoint"), JsonRequired] string AuthorizationEndpoint,
    [property: JsonPropertyName("token_endpoint"), JsonRequired] string TokenEndpoint,
    [property: JsonPropertyName("userinfo_endpoint"), JsonRequired] string UserInfoEndpoint,
    [property: JsonPropertyName("end_session_endpoint"), JsonRequired] string EndSessionEndpoint,
    [property: JsonPropertyName("jwks_uri"), JsonRequired] string JwksUri);
