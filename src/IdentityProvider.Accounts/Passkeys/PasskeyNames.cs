using IdentityProvider.Accounts.SignIn;

namespace IdentityProvider.Accounts.Passkeys;

/// <summary>What a passkey may be called.</summary>
public static class PasskeyNames
{
    public const int MaxLength = 60;

    /// <summary>The name without blanks around it, or null when it is empty, too long, or not text.</summary>
    public static string? TryParse(string? typed)
    {
        var name = typed?.Trim();
        return name is { Length: > 0 and <= MaxLength } && AccountFinder.IsText(name) ? name : null;
    }
}
