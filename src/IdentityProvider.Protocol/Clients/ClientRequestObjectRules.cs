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

        foreach (var problem in Validate("request_uris", client.RequestUris, FindRequestUriProblem)
            .Concat(Validate("idp_request_uri_prefixes", client.RequestUriPrefixes, FindPrefixProblem)))
        {
            yield return problem;
        }
    }

    /// <summary>OIDC Registration §2: the fragment may be a hash of what stands there; it is no part of the address.</summary>
    public static string? FindRequestUriProblem(string uri)
    {
        if (uri.Length > MaxRequestUriLength)
        {
            return $"must have at most {MaxRequestUriLength} characters (RFC 9101 §5.2).";
        }

        var fragment = uri.IndexOf('#', StringComparison.Ordinal);
        return ClientUriRules.FindAddressProblem(fragment < 0 ? uri : uri[..fragment]);
    }

    private static IEnumerable<ClientProblem> Validate(string member, IReadOnlyList<string> uris, Func<string, string?> findProblem)
    {
        if (uris.Count > ClientRules.MaxUris)
        {
            yield return new(member, $"has more than {ClientRules.MaxUris} entries.");
        }

        foreach (var uri in uris.Distinct(StringComparer.Ordinal))
        {
            if (findProblem(uri) is { } problem)
            {
                yield return new(member, $"{ClientUriRules.Printable(uri)} {problem}");
            }
        }

        if (uris.Distinct(StringComparer.Ordinal).Count() != uris.Count)
        {
            yield return new(member, "names an address twice.");
        }
    }

    /// <summary>Up to a slash of the path, so that neither a host nor a name in the path can be longer than it looks.</summary>
    private static string? FindPrefixProblem(string prefix) =>
        FindRequestUriProblem(prefix)
        ?? (prefix.EndsWith('/') && !prefix.AsSpan().ContainsAny('?', '#') ? null : "must end with a slash and have no query.");
}
