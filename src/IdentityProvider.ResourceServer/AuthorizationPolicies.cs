using IdentityProvider.ResourceServer.Authorization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace IdentityProvider.ResourceServer;

/// <summary>What an endpoint or a policy may ask of the access token.</summary>
public static class AuthorizationPolicies
{
    /// <summary>The endpoint needs a token with all of these scopes; else 403 <c>insufficient_scope</c> (RFC 6750 §3.1).</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(new RequireScopeAttribute(scopes));

    /// <inheritdoc cref="RequireScope{TBuilder}(TBuilder, string[])"/>
    public static AuthorizationPolicyBuilder RequireScope(this AuthorizationPolicyBuilder policy, params string[] scopes)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.RequireAuthenticatedUser().AddRequirements(new ScopeRequirement(scopes));
    }

    /// <summary>
    /// The endpoint needs a user who signed in in one of these ways, or not longer ago than this; else 401
    /// <c>insufficient_user_authentication</c> (RFC 9470 §3).
    /// </summary>
    public static TBuilder RequireUserAuthentication<TBuilder>(
        this TBuilder endpoint, TimeSpan? maximumAge = null, params string[] acrValues)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(policy => policy.RequireUserAuthentication(maximumAge, acrValues));

    /// <inheritdoc cref="RequireUserAuthentication{TBuilder}(TBuilder, TimeSpan?, string[])"/>
    public static AuthorizationPolicyBuilder RequireUserAuthentication(
        this AuthorizationPolicyBuilder policy, TimeSpan? maximumAge = null, params string[] acrValues)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.RequireAuthenticatedUser().AddRequirements(new UserAuthenticationRequirement(maximumAge, acrValues));
    }
}
