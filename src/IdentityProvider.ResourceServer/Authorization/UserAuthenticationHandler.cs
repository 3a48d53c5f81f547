using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.ResourceServer.Authorization;

/// <summary>Compares <c>acr</c> and <c>auth_time</c> of the token (RFC 9068 §2.2.1) with what the endpoint asks for.</summary>
internal sealed class UserAuthenticationHandler(TimeProvider time) : AuthorizationHandler<UserAuthenticationRequirement>
{
    protected override Task HandleRequirementAsync(
        AuthorizationHandlerContext context, UserAuthenticationRequirement requirement)
    {
        if (HasContext(context.User, requirement) && IsRecent(context.User, requirement))
        {
            context.Succeed(requirement);
        }
        else
        {
            RefusedRequirements.Note(context, requirement);
        }

        return Task.CompletedTask;
    }

    private static bool HasContext(ClaimsPrincipal user, UserAuthenticationRequirement requirement) =>
        requirement.AcrValues.Count == 0
        || requirement.AcrValues.Contains(user.FindFirst("acr")?.Value, StringComparer.Ordinal);

    private bool IsRecent(ClaimsPrincipal user, UserAuthenticationRequirement requirement) =>
        requirement.MaximumAge is not { } maximumAge
        || (double.TryParse(user.FindFirst("auth_time")?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && time.GetUtcNow() - DateTimeOffset.UnixEpoch <= TimeSpan.FromSeconds(seconds) + maximumAge);
}
