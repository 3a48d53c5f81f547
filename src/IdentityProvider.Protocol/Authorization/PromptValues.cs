namespace IdentityProvider.Protocol.Authorization;

/// <summary>Values of <c>prompt</c>: OIDC Core §3.1.2.1, Initiating User Registration §4 (<c>create</c>).</summary>
public static class PromptValues
{
    public const string None = "none";
    public const string Login = "login";
    public const string Consent = "consent";
    public const string SelectAccount = "select_account";
    public const string Create = "create";

    public static IReadOnlyList<string> Supported { get; } = [None, Login, Consent, SelectAccount, Create];
}
