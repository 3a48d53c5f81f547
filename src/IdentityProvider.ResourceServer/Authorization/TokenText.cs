namespace IdentityProvider.ResourceServer.Authorization;

/// <summary>RFC 6749 §3.3 scope-token; such text also needs no escaping inside a challenge.</summary>
internal static class TokenText
{
    public static bool IsScopeToken(string text) =>
        text.Length > 0 && text.All(c => c is > ' ' and <= '~' and not '"' and not '\\');
}
