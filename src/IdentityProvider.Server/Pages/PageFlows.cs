using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Server.Endpoints;
using IdentityProvider.Server.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// The authorization request that brought a person to a page, and the way back. A page does its one thing and returns to the
/// authorization endpoint, which alone decides what comes next.
/// </summary>
internal sealed class PageFlows(
    PendingAuthorizations pendings, FlowCookie cookie, AuthorizationRequestReader reader, ILogger<PageFlows> logger)
{
    /// <summary>
    /// The request, or null when this browser cannot go on with it: forged, too old, answered already, begun elsewhere, or no longer valid
    /// because the client was changed.
    /// </summary>
    public PageFlow? Open(HttpContext context, string? flow)
    {
        if (pendings.Open(flow) is not { } pending || !cookie.Matches(context, pending))
        {
            return null;
        }

        var parameters = RequestParameters.Parse(pending.Parameters);
        var target = reader.ReadTarget(parameters);
        if (!target.Succeeded)
        {
            return null;
        }

        var request = reader.Read(parameters, target.Value);
        return request.Succeeded ? new PageFlow(flow!, pending, request.Value) : null;
    }

    /// <summary>What a page answers when <see cref="Open"/> gave nothing.</summary>
    public IActionResult StartAgain(HttpContext context)
    {
        var errorId = ErrorId.Create();
        Log.FlowRefused(logger, errorId, context.Request.Path);
        return new PageAnswer(ErrorPage.StartAgain(errorId));
    }

    /// <summary>The address of a page for this request, as a path under the application's root.</summary>
    public string AddressOf(string page, PendingAuthorization pending) => $"~{page}?{PageParameters.Flow}={pendings.Seal(pending)}";

    /// <summary>Where a page sends the person when it has done its one thing, as a path under the application's root.</summary>
    public string ReturnAddress(PendingAuthorization pending) =>
        $"~{EndpointPaths.Authorize}?{PageParameters.ReturningFlow}={pendings.Seal(pending)}";
}

/// <summary>An open request.</summary>
/// <param name="Sealed">As it stands in the address.</param>
/// <param name="Pending">What returns, with what the page adds to it.</param>
/// <param name="Request">What is asked for, read anew.</param>
internal sealed record PageFlow(string Sealed, PendingAuthorization Pending, AuthorizationRequest Request)
{
    public Client Client => Request.Client;

    public Uri Destination { get; } = new(Request.RedirectUri, UriKind.Absolute);
}
