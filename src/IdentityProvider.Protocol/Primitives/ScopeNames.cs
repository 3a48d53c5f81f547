namespace IdentityProvider.Protocol.Primitives;

/// <summary>Scope values with a meaning of their own: OIDC Core §5.4 and §11.</summary>
public static class ScopeNames
{
    public const string OpenId = "openid";
    public const string Profile = "profile";
    public const string Email = "email";
    public const string Address = "address";
    public const string Phone = "phone";
    public const string OfflineAccess = "offline_access";
}
