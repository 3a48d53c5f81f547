using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Protocol.Clients;

/// <summary>What a client may say of how people sign in for it. Whether the server offers it at present is the server's settings' matter.</summary>
internal static class ClientSignInRules
{
    private static readonly string[] Levels = [AcrValues.OneFactor, AcrValues.TwoFactors, AcrValues.PhishingResistant];

    public static IEnumerable<ClientProblem> Validate(Client client)
    {
        if (client.RequireAcr is { } acr && AcrValues.LevelOf(acr) == 0)
        {
            yield return ClientRules.Unknown("idp_require_acr", acr, Levels);
        }

        if (client.SignInMethods is not { } methods)
        {
            yield break;
        }

        string[] known = [.. SignInMethods.All.Where(method => !SignInMethods.IsSecondOnly(method))];
        foreach (var method in methods.Where(method => !known.Contains(method, StringComparer.Ordinal)))
        {
            yield return ClientRules.Unknown("idp_sign_in_methods", method, known);
        }

        if (methods.Count == 0)
        {
            yield return new("idp_sign_in_methods", "is empty: nobody could sign in. Leave it out to take every method.");
        }
    }
}
