namespace IdentityProvider.Protocol.Sessions;

/// <summary>
/// Our authentication context classes, values of <c>acr</c> (OIDC Core §2): the number of factors that were proved. Each includes those
/// below it. Never <c>0</c>, which OIDC Core §2 keeps for what is not an authentication.
/// </summary>
public static class AcrValues
{
    /// <summary>One factor, such as a password.</summary>
    public const string OneFactor = "1";

    /// <summary>What <c>acr_values_supported</c> names.</summary>
    public static IReadOnlyList<string> Supported { get; } = [OneFactor];
}
