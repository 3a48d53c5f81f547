using System.Text.Json.Serialization;

namespace IdentityProvider.Protocol.Discovery;

/// <summary>
/// What the server says of itself: RFC 8414 §2 and OIDC Discovery §3. Only registered members, and only what is true; a property that is
/// null is left out.
/// </summary>
public sealed record ServerMetadata
{
    [JsonPropertyName("issuer")]
    public required string Issuer { get; init; }

    [JsonPropertyName("authorization_endpoint")]
    public required string AuthorizationEndpoint { get; init; }

    [JsonPropertyName("token_endpoint")]
    public required string TokenEndpoint { get; init; }

    /// <summary>RFC 8628 §4.</summary>
    [JsonPropertyName("device_authorization_endpoint")]
    public required string DeviceAuthorizationEndpoint { get; init; }

    [JsonPropertyName("userinfo_endpoint")]
    public required string UserInfoEndpoint { get; init; }

    [JsonPropertyName("jwks_uri")]
    public required string JwksUri { get; init; }

    /// <summary>RP-Initiated Logout §2.1.</summary>
    [JsonPropertyName("end_session_endpoint")]
    public required string EndSessionEndpoint { get; init; }

    /// <summary>Session Management §3.3.</summary>
    [JsonPropertyName("check_session_iframe")]
    public required string CheckSessionIframe { get; init; }

    /// <summary>Back-Channel Logout §2.1.</summary>
    [JsonPropertyName("backchannel_logout_supported")]
    public required bool BackchannelLogoutSupported { get; init; }

    /// <summary>Back-Channel Logout §2.1: our logout tokens bear <c>sid</c>.</summary>
    [JsonPropertyName("backchannel_logout_session_supported")]
    public required bool BackchannelLogoutSessionSupported { get; init; }

    /// <summary>Front-Channel Logout §3.</summary>
    [JsonPropertyName("frontchannel_logout_supported")]
    public required bool FrontchannelLogoutSupported { get; init; }

    /// <summary>Front-Channel Logout §3: <c>iss</c> and <c>sid</c> are added for clients that ask for it.</summary>
    [JsonPropertyName("frontchannel_logout_session_supported")]
    public required bool FrontchannelLogoutSessionSupported { get; init; }

    /// <summary>RFC 7591 §3; null where clients cannot register themselves.</summary>
    [JsonPropertyName("registration_endpoint")]
    public string? RegistrationEndpoint { get; init; }

    [JsonPropertyName("introspection_endpoint")]
    public required string IntrospectionEndpoint { get; init; }

    [JsonPropertyName("revocation_endpoint")]
    public required string RevocationEndpoint { get; init; }

    [JsonPropertyName("scopes_supported")]
    public required IReadOnlyList<string> ScopesSupported { get; init; }

    [JsonPropertyName("response_types_supported")]
    public required IReadOnlyList<string> ResponseTypesSupported { get; init; }

    [JsonPropertyName("response_modes_supported")]
    public required IReadOnlyList<string> ResponseModesSupported { get; init; }

    [JsonPropertyName("grant_types_supported")]
    public required IReadOnlyList<string> GrantTypesSupported { get; init; }

    [JsonPropertyName("subject_types_supported")]
    public required IReadOnlyList<string> SubjectTypesSupported { get; init; }

    [JsonPropertyName("acr_values_supported")]
    public required IReadOnlyList<string> AcrValuesSupported { get; init; }

    [JsonPropertyName("id_token_signing_alg_values_supported")]
    public required IReadOnlyList<string> IdTokenSigningAlgValuesSupported { get; init; }

    [JsonPropertyName("token_endpoint_auth_methods_supported")]
    public required IReadOnlyList<string> TokenEndpointAuthMethodsSupported { get; init; }

    [JsonPropertyName("token_endpoint_auth_signing_alg_values_supported")]
    public required IReadOnlyList<string> TokenEndpointAuthSigningAlgValuesSupported { get; init; }

    [JsonPropertyName("introspection_endpoint_auth_methods_supported")]
    public required IReadOnlyList<string> IntrospectionEndpointAuthMethodsSupported { get; init; }

    [JsonPropertyName("introspection_endpoint_auth_signing_alg_values_supported")]
    public required IReadOnlyList<string> IntrospectionEndpointAuthSigningAlgValuesSupported { get; init; }

    [JsonPropertyName("revocation_endpoint_auth_methods_supported")]
    public required IReadOnlyList<string> RevocationEndpointAuthMethodsSupported { get; init; }

    [JsonPropertyName("revocation_endpoint_auth_signing_alg_values_supported")]
    public required IReadOnlyList<string> RevocationEndpointAuthSigningAlgValuesSupported { get; init; }

    /// <summary>RFC 7636 §6.2.1 (registered by RFC 8414): <c>plain</c> is refused.</summary>
    [JsonPropertyName("code_challenge_methods_supported")]
    public required IReadOnlyList<string> CodeChallengeMethodsSupported { get; init; }

    /// <summary>RFC 9207 §3.</summary>
    [JsonPropertyName("authorization_response_iss_parameter_supported")]
    public required bool AuthorizationResponseIssParameterSupported { get; init; }

    [JsonPropertyName("display_values_supported")]
    public required IReadOnlyList<string> DisplayValuesSupported { get; init; }

    /// <summary>Initiating User Registration via OpenID Connect §4.</summary>
    [JsonPropertyName("prompt_values_supported")]
    public required IReadOnlyList<string> PromptValuesSupported { get; init; }

    [JsonPropertyName("claim_types_supported")]
    public required IReadOnlyList<string> ClaimTypesSupported { get; init; }

    [JsonPropertyName("claims_supported")]
    public required IReadOnlyList<string> ClaimsSupported { get; init; }

    [JsonPropertyName("claims_parameter_supported")]
    public required bool ClaimsParameterSupported { get; init; }

    [JsonPropertyName("userinfo_signing_alg_values_supported")]
    public required IReadOnlyList<string> UserInfoSigningAlgValuesSupported { get; init; }

    [JsonPropertyName("request_parameter_supported")]
    public required bool RequestParameterSupported { get; init; }

    [JsonPropertyName("request_uri_parameter_supported")]
    public required bool RequestUriParameterSupported { get; init; }

    [JsonPropertyName("require_request_uri_registration")]
    public required bool RequireRequestUriRegistration { get; init; }

    [JsonPropertyName("request_object_signing_alg_values_supported")]
    public required IReadOnlyList<string> RequestObjectSigningAlgValuesSupported { get; init; }

    [JsonPropertyName("ui_locales_supported")]
    public required IReadOnlyList<string> UiLocalesSupported { get; init; }
}
