using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Authorization;

/// <summary>What <c>scope</c> of a request that a person will answer may be: RFC 6749 §3.3, RFC 8628 §3.1.</summary>
public static class ScopeRules
{
    /// <summary>The scopes asked for, or <c>invalid_scope</c>.</summary>
    public static Result<ScopeSet> Read(CatalogSnapshot catalog, Client client, string? scope)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(client);
        if (ScopeSet.TryParse(scope) is not { } requested)
        {
            return OAuthError.InvalidScope("malformed, or more than " + ScopeSet.MaxTokens);
        }

        if (requested.Count == 0)
        {
            return OAuthError.InvalidScope("no scope was requested");
        }

        // OIDC Core §3.1.2.1: scope values that are not understood should be ignored. Plain OAuth refuses them (RFC 6749 §4.1.2.1).
        var known = requested.Where(token => catalog.FindScope(token) is not null);
        if (known.Count < requested.Count && !requested.Contains(ScopeNames.OpenId))
        {
            return OAuthError.InvalidScope("unknown: " + requested.Where(token => !known.Contains(token)));
        }

        if (!known.IsSubsetOf(client.Scope))
        {
            return OAuthError.InvalidScope($"client {client.ClientId} may not ask for {known.Where(token => !client.Scope.Contains(token))}");
        }

        // OIDC Core §11: offline_access is ignored where no refresh token would come of it.
        var useful = client.Allows(GrantTypeNames.RefreshToken)
            ? known
            : known.Where(token => !string.Equals(token, ScopeNames.OfflineAccess, StringComparison.Ordinal));
        return useful.Count > 0 ? useful : OAuthError.InvalidScope("nothing of it means anything for client " + client.ClientId);
    }
}
