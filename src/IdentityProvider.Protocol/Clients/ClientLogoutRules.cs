namespace IdentityProvider.Protocol.Clients;

/// <summary>Where a client may be told that a session ended: Back-Channel Logout §2.2, Front-Channel Logout §2.</summary>
internal static class ClientLogoutRules
{
    /// <summary>Every problem; empty when there is none.</summary>
    public static IEnumerable<ClientProblem> Validate(Client client)
    {
        if (client.BackchannelLogoutUri is { } back && ClientUriRules.FindAddressProblem(back) is { } problem)
        {
            yield return new("backchannel_logout_uri", problem);
        }

        if (client.FrontchannelLogoutUri is not { } front)
        {
            yield break;
        }

        if (ClientUriRules.FindAddressProblem(front) is { } wrong)
        {
            yield return new("frontchannel_logout_uri", wrong);
        }
        else if (!client.RedirectUris.Any(uri => IsSameOrigin(front, uri)))
        {
            yield return new(
                "frontchannel_logout_uri",
                "must have scheme, host and port of one of redirect_uris (Front-Channel Logout §2).");
        }
    }

    /// <summary>Both were written as browsers write them, so the text decides.</summary>
    private static bool IsSameOrigin(string one, string other) =>
        Uri.TryCreate(other, UriKind.Absolute, out var uri)
        && string.Equals(
            new Uri(one, UriKind.Absolute).GetLeftPart(UriPartial.Authority), uri.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
}
