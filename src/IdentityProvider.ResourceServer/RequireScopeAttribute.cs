using IdentityProvider.ResourceServer.Authorization;
using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.ResourceServer;

/// <summary>The controller, action or endpoint needs a token with all of these scopes.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequireScopeAttribute(params string[] scopes) : AuthorizeAttribute, IAuthorizationRequirementData
{
    private readonly ScopeRequirement _requirement = new(scopes);

    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [_requirement];
}
