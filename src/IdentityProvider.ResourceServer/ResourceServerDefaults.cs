namespace IdentityProvider.ResourceServer;

/// <summary>The names this package uses where the application gives none.</summary>
public static class ResourceServerDefaults
{
    /// <summary>Authentication scheme: the word of RFC 6750 §2.1.</summary>
    public const string AuthenticationScheme = "Bearer";
}
