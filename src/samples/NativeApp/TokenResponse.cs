using System.Text.Json.Serialization;

namespace NativeApp;

/// <summary>RFC 6749 §5.1, OIDC Core §3.1.3.3.</summary>
internal sealed record TokenResponse(
    [property: JsonPropertyName("access_token"), JsonRequired] string AccessToken,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken,
    [property: JsonPropertyName("id_token"), JsonRequired] string IdToken,
    [property: JsonPropertyName("expires_in")] int ExpiresIn);
