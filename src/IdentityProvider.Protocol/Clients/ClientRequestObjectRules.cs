using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Clients;

/// <summary>What a client may register about its request objects: OIDC Registration §2, RFC 9101 §5.2 and §10.5.</summary>
internal static class ClientRequestObjectRules
{
    /// <summary>RFC 9101 §5.2: "The entire Request URI SHOULD NOT exceed 512 ASCII characters".</summary>
    public const int MaxRequestUriLength = 512;

    /// <summary>Every problem; empty when there is none.</summary>
    public static IEnumerable<ClientProblem> Validate(Client client)
    {
        if (client.RequestObjectSigningAlg is { } algorithm)
        {
            if (SigningAlgorithm.Find(algorithm) is null)
            {
                yield return ClientRules.Unknown("request_object_signing_alg", algorithm, [.. SigningAlgorithm.All.Select(known => known.Name)]);
            }
            else if (client.Jwks is null && client.JwksUri is null)
            {
                yield return new("request_object_signing_alg", "needs keys to verify with: jwks or jwks_uri.");
            }
        }

        if (client.RequestUris.Count > ClientRules.MaxUris)
        {
            yield return new("request_uris", $"has more than {ClientRules.MaxUris} entries.");
        }

        foreach (var uri in client.RequestUris.Distinct(StringComparer.Ordinal))
        {
            if (FindRequestUriProblem(uri) is { } problem)
            {
                yield return new("request_uris", $"{ClientUriRules.Printable(uri)} {problem}");
            }
        }

        if (client.RequestUris.Distinct(StringComparer.Ordinal).Count() != client.RequestUris.Count)
        {
            yield return new("request_uris", "names an address twice.");
        }
    }

    /// <summary>OIDC Registration §2: the fragment may be a hash of what stands there; it is no part of the address.</summary>
    private static string? FindRequestUriProblem(string uri)
    {
        if (uri.Length > MaxRequestUriLength)
        {
            return $"must have at most {MaxRequestUriLength} characters (RFC 9101 §5.2).";
        }

        var fragment = uri.IndexOf('#', StringComparison.Ordinal);
        return ClientUriRules.FindAddressProblem(fragment < 0 ? uri : uri[..fragment]);
    }
}
