using IdentityProvider.Protocol.Subjects;

namespace IdentityProvider.Protocol.Clients;

/// <summary>
/// How a client may see people: OIDC Registration §2, OIDC Core §8.1. Whether the document at <c>sector_identifier_uri</c> names the
/// redirect URIs is asked where strangers register (OIDC Registration §5); what the operator declares is believed.
/// </summary>
internal static class ClientSubjectRules
{
    /// <summary>Every problem; empty when there is none.</summary>
    public static IEnumerable<ClientProblem> Validate(Client client)
    {
        if (!SubjectTypes.Supported.Contains(client.SubjectType, StringComparer.Ordinal))
        {
            yield return ClientRules.Unknown("subject_type", client.SubjectType, SubjectTypes.Supported);
        }

        if (client.SectorIdentifierUri is { } sector)
        {
            if (ClientUriRules.FindAddressProblem(sector) is { } problem)
            {
                yield return new("sector_identifier_uri", problem);
            }
        }
        else if (client.IsPairwise && SectorIdentifier.Of(client) is null)
        {
            yield return new(
                "sector_identifier_uri", "is missing; subject_type pairwise needs it unless all redirect_uris have one host (OIDC Core §8.1).");
        }
    }
}
