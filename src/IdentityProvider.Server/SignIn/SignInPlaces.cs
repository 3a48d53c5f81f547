using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Composition;
using IdentityProvider.Server.Pages;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.SignIn;

/// <summary>Reads for what a person signs in.</summary>
internal sealed class SignInPlaces(PageFlows flows, InteractionPolicy policy, IOptions<ProtocolOptions> options)
{
    /// <summary>Null when there is a flow and this browser cannot go on with it; <see cref="PageFlows.StartAgain"/> then answers.</summary>
    /// <param name="context">The request; its answer may then post a form on to the client.</param>
    /// <param name="flow">The sealed request; null when no client asks.</param>
    /// <param name="returnUrl">Without a flow: a path of ours to go on to.</param>
    /// <param name="level">Without a flow: the least level that will do there.</param>
    public SignInPlace? Open(HttpContext context, string? flow, string? returnUrl, int level = 0)
    {
        if (flow is null)
        {
            var reachable = level >= 0 && level <= options.Value.SignIn.HighestLevel();
            return new SignInPlace(Flow: null, returnUrl, reachable ? new AcrDemand(level, 0) : AcrDemand.None);
        }

        if (flows.Open(context, flow) is not { } request)
        {
            return null;
        }

        SecurityHeaders.ForPage(context, request.Destination);
        return new SignInPlace(request, ReturnUrl: null, policy.DemandOf(request.Request));
    }
}
