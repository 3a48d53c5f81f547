namespace IdentityProvider.Protocol.Primitives;

/// <summary>Values of <c>grant_type</c> that the server knows: RFC 6749 §4.1.3, §4.4.2, §6, RFC 8628 §3.4.</summary>
public static class GrantTypeNames
{
    public const string AuthorizationCode = "authorization_code";
    public const string RefreshToken = "refresh_token";
    public const string ClientCredentials = "client_credentials";
    public const string DeviceCode = "urn:ietf:params:oauth:grant-type:device_code";
}
