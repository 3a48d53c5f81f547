using System.Text.Json.Serialization;

namespace DeviceCli;

/// <summary>RFC 8628 §3.2.</summary>
internal sealed record DeviceAuthorization(
    [property: JsonPropertyName("device_code"), JsonRequired] string DeviceCode,
    [property: JsonPropertyName("user_code"), JsonRequired] string UserCode,
    [property: JsonPropertyName("verification_uri"), JsonRequired] string VerificationUri,
    [property: JsonPropertyName("verification_uri_complete")] string? VerificationUriComplete,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("interval")] int? Interval);
