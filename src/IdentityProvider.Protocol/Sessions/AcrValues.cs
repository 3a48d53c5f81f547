using IdentityProvider.Protocol.Configuration;

namespace IdentityProvider.Protocol.Sessions;

/// <summary>
/// Our authentication context classes, values of <c>acr</c> (OIDC Core §2): what was proved, as a level. Each includes those below it.
/// Never <c>0</c>, which OIDC Core §2 keeps for what is not an authentication.
/// </summary>
public static class AcrValues
{
    /// <summary>One factor, such as a password.</summary>
    public const string OneFactor = "1";

    /// <summary>Two different factors, or an authenticator that is two in one.</summary>
    public const string TwoFactors = "2";

    /// <summary>As <see cref="TwoFactors"/>, by a means that cannot be given to a false site: a passkey with user verification.</summary>
    public const string PhishingResistant = "3";

    private static readonly string[] Levels = [OneFactor, TwoFactors, PhishingResistant];

    /// <summary>What <c>acr_values_supported</c> names: what the methods in use can reach, the lowest first.</summary>
    public static IReadOnlyList<string> SupportedBy(SignInOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Levels[..options.HighestLevel()];
    }

    /// <summary>The level of a value, from 1; 0 when it is none of ours.</summary>
    public static int LevelOf(string? value) => Array.IndexOf(Levels, value) + 1;

    /// <summary>The value of a level from 1.</summary>
    public static string Of(int level) => Levels[level - 1];

    /// <summary>Whether what a session has reached includes <paramref name="wanted"/>.</summary>
    public static bool Includes(string? reached, string wanted) =>
        LevelOf(wanted) is > 0 and var level && LevelOf(reached) >= level;
}
