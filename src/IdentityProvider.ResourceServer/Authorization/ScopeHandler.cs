using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.ResourceServer.Authorization;

/// <summary>Compares the token's <c>scope</c>, case-sensitive (RFC 6749 §3.3), with what the endpoint asks for.</summary>
internal sealed class ScopeHandler : AuthorizationHandler<ScopeRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        var granted = context.User.FindFirst("scope")?.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (requirement.Scopes.All(scope => granted.Contains(scope, StringComparer.Ordinal)))
        {
            context.Succeed(requirement);
        }
        else
        {
            RefusedRequirements.Note(context, requirement);
        }

        return Task.CompletedTask;
    }
}
