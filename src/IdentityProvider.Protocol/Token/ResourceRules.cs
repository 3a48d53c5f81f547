using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Token;

/// <summary>Resource indicators and audiences: RFC 8707 §2, RFC 9068 §3.</summary>
public static class ResourceRules
{
    private const int MaxResources = 20;

    /// <summary>
    /// <c>invalid_target</c> unless each value names an enabled API to which at least one of the scopes belongs: nobody becomes the
    /// audience of a token by which nothing is allowed there. Unknown and forbidden are told alike.
    /// </summary>
    /// <param name="catalog">Present snapshot; its identifiers are absolute URIs without fragment (RFC 8707 §2).</param>
    /// <param name="client">Who asks, for the log.</param>
    /// <param name="scope">Asked for, or granted; all of it is the client's to have.</param>
    /// <param name="resources">As sent.</param>
    public static OAuthError? FindProblem(CatalogSnapshot catalog, Client client, ScopeSet scope, IReadOnlyList<string> resources)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(resources);
        if (resources.Count > MaxResources)
        {
            return OAuthError.InvalidTarget("more than " + MaxResources);
        }

        foreach (var identifier in resources)
        {
            if (catalog.FindResource(identifier) is not { } resource || !resource.Scopes.Any(scope.Contains))
            {
                return OAuthError.InvalidTarget($"{identifier} is unknown, or none of its scopes is in {scope} of client {client.ClientId}");
            }
        }

        return null;
    }

    /// <summary>
    /// What one access token is for. Without <paramref name="asked"/> it is for the resources of the grant, or else for all APIs its scopes
    /// belong to, and for our own endpoints when it has scopes of no API, such as <c>openid</c>. With it, it is for these alone, with the
    /// scopes that belong to them (RFC 8707 §2.2). So every scope means something to an audience (RFC 9068 §2.2.3) and every audience has one.
    /// </summary>
    /// <param name="catalog">Present snapshot.</param>
    /// <param name="issuer">Audience that stands for our own endpoints.</param>
    /// <param name="scope">Granted.</param>
    /// <param name="granted">Resources of the authorization request; empty when none were sent.</param>
    /// <param name="asked">Resources of the token request; empty when none were sent.</param>
    public static TokenTarget Target(
        CatalogSnapshot catalog, string issuer, ScopeSet scope, IReadOnlyList<string> granted, IReadOnlyList<string> asked)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(granted);
        ArgumentNullException.ThrowIfNull(asked);
        var named = asked.Count > 0 ? asked : granted;
        ApiResource[] resources = named.Count > 0
            ? [.. named.Distinct(StringComparer.Ordinal).Select(catalog.FindResource).OfType<ApiResource>().Where(HasScope)]
            : [.. scope.SelectMany(catalog.ResourcesOf).Distinct()];
        var own = asked.Count > 0 ? ScopeSet.Empty : scope.Where(token => !catalog.IsApiScope(token));
        var kept = scope.Where(token => own.Contains(token) || resources.Any(resource => resource.Scopes.Contains(token, StringComparer.Ordinal)));
        var audiences = resources.Select(resource => resource.Identifier).Order(StringComparer.Ordinal).ToList();

        // offline_access speaks of the refresh token and opens nothing, so it alone makes us no audience.
        if (audiences.Count == 0 || own.Any(token => !string.Equals(token, ScopeNames.OfflineAccess, StringComparison.Ordinal)))
        {
            audiences.Add(issuer);
        }

        bool HasScope(ApiResource resource) => resource.Scopes.Any(scope.Contains);
        return new TokenTarget(kept, audiences, resources);
    }
}

/// <summary>Scope, audience and APIs of one access token.</summary>
public sealed record TokenTarget(ScopeSet Scope, IReadOnlyList<string> Audiences, IReadOnlyList<ApiResource> Resources);
