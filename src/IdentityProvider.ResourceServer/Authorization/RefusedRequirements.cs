using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.ResourceServer.Authorization;

/// <summary>
/// What the token did not meet: a request feature, because ASP.NET does not tell the authentication handler why a
/// request is forbidden. Absent when authorization was not asked for the request itself.
/// </summary>
internal sealed class RefusedRequirements
{
    public ScopeRequirement? Scope { get; private set; }

    public UserAuthenticationRequirement? UserAuthentication { get; private set; }

    public static void Note(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (For(context) is { } refused)
        {
            refused.Scope = requirement;
        }
    }

    public static void Note(AuthorizationHandlerContext context, UserAuthenticationRequirement requirement)
    {
        if (For(context) is { } refused)
        {
            refused.UserAuthentication = requirement;
        }
    }

    private static RefusedRequirements? For(AuthorizationHandlerContext context)
    {
        if (context.Resource is not HttpContext request)
        {
            return null;
        }

        var refused = request.Features.Get<RefusedRequirements>();
        if (refused is null)
        {
            refused = new RefusedRequirements();
            request.Features.Set(refused);
        }

        return refused;
    }
}
