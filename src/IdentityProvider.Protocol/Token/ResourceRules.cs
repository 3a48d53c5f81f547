using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Token;

/// <summary>Resource indicators and audiences: RFC 8707 §2, RFC 9068 §3.</summary>
public static class ResourceRules
{
    private const int MaxResources = 20;

    /// <summary>
    /// <c>invalid_target</c> unless each value is an absolute URI without fragment that names an enabled API of which the client may ask
    /// for at least one scope. Unknown and forbidden are told alike.
    /// </summary>
    public static OAuthError? FindProblem(CatalogSnapshot catalog, Client client, IReadOnlyList<string> resources)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(resources);
        if (resources.Count > MaxResources)
        {
            return OAuthError.InvalidTarget("more than " + MaxResources);
        }

        foreach (var identifier in resources)
        {
            if (catalog.FindResource(identifier) is not { } resource || !resource.Scopes.Any(client.Scope.Contains))
            {
                return OAuthError.InvalidTarget($"{identifier} is unknown, or client {client.ClientId} may ask for none of its scopes");
            }
        }

        return null;
    }

    /// <summary>
    /// What one access token is for. Without <paramref name="asked"/> it is for the resources of the grant, or else for all APIs its scopes
    /// belong to, and for our userinfo endpoint when <c>openid</c> was granted. With it, it is for these alone, with the scopes that belong to them (RFC 8707 §2.2).
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
        var chosen = asked.Count > 0 ? asked : granted;
        ApiResource[] resources = chosen.Count > 0
            ? [.. chosen.Distinct(StringComparer.Ordinal).Select(catalog.FindResource).OfType<ApiResource>()]
            : [.. catalog.Resources.Where(resource => resource.Enabled && resource.Scopes.Any(scope.Contains))];
        var kept = scope.Where(token =>
            resources.Any(resource => resource.Scopes.Contains(token, StringComparer.Ordinal))
            || (asked.Count == 0 && !catalog.Resources.Any(resource => resource.Scopes.Contains(token, StringComparer.Ordinal))));
        var audiences = resources.Select(resource => resource.Identifier).Order(StringComparer.Ordinal).ToList();
        if (audiences.Count == 0 || (asked.Count == 0 && scope.Contains(ScopeNames.OpenId)))
        {
            audiences.Add(issuer);
        }

        return new TokenTarget(kept, audiences, resources);
    }
}

/// <summary>Scope, audience and APIs of one access token.</summary>
public sealed record TokenTarget(ScopeSet Scope, IReadOnlyList<string> Audiences, IReadOnlyList<ApiResource> Resources);
