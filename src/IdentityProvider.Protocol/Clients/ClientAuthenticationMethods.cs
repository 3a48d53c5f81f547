namespace IdentityProvider.Protocol.Clients;

/// <summary>Values of <c>token_endpoint_auth_method</c> that the server supports: RFC 7591 §2, OIDC Core §9.</summary>
public static class ClientAuthenticationMethods
{
    public const string None = "none";
    public const string ClientSecretBasic = "client_secret_basic";
    public const string ClientSecretPost = "client_secret_post";
    public const string PrivateKeyJwt = "private_key_jwt";
}
