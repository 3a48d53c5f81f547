using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.ResourceServer.Authorization;

/// <summary>The token has all of these scopes (RFC 6749 §3.3).</summary>
public sealed class ScopeRequirement : IAuthorizationRequirement
{
    /// <exception cref="ArgumentException">No scope, or one with a character RFC 6749 §3.3 does not allow.</exception>
    public ScopeRequirement(params IReadOnlyCollection<string> scopes)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        if (scopes.Count == 0 || !scopes.All(TokenText.IsScopeToken))
        {
            throw new ArgumentException("At least one scope, each of printable ASCII without space, quote or backslash.", nameof(scopes));
        }

        Scopes = scopes;
    }

    public IReadOnlyCollection<string> Scopes { get; }
}
