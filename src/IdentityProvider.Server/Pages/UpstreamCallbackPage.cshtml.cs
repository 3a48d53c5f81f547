using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Endpoints;
using IdentityProvider.Server.SignIn;
using IdentityProvider.Server.Upstream;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>Where a provider sends people back to: they are signed in, their identity there is linked, or they read why not.</summary>
internal sealed class UpstreamCallbackPage(
    UpstreamRoundTrip roundTrip, UpstreamDesk desk, SignInPlaces places, PageFlows flows, ILogger<UpstreamCallbackPage> logger) : HostedPage
{
    private UpstreamProvider _provider = null!;

    public UpstreamMessage Message { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string provider)
    {
        if (roundTrip.Find(provider) is not { } upstream)
        {
            return NoSuchPage();
        }

        _provider = upstream;
        return await roundTrip.FinishAsync(HttpContext, upstream) switch
        {
            UpstreamReturn.Proved({ LinkingSession: { } session }, var identity) => await LinkAsync(session, identity),
            UpstreamReturn.Proved(var ticket, var identity) => await SignInAsync(ticket, identity),
            UpstreamReturn.Denied(var ticket) => Say("Upstream.Denied", StatusCodes.Status400BadRequest, ticket),
            UpstreamReturn.Failed(var ticket, var reason) => Say("Upstream.Failed", StatusCodes.Status400BadRequest, ticket, reason),
            _ => flows.StartAgain(HttpContext),
        };
    }

    private async Task<IActionResult> SignInAsync(UpstreamTicket ticket, UpstreamIdentity identity)
    {
        if (places.Open(HttpContext, ticket.Flow, ticket.ReturnUrl, ticket.Level) is not { } place)
        {
            return flows.StartAgain(HttpContext);
        }

        if (!place.Takes(SignInMethods.Upstream))
        {
            return NoSuchPage();
        }

        return await desk.SignInAsync(HttpContext, place, identity) switch
        {
            UpstreamArrival.GoOn(var address) => SeeOther(address),
            UpstreamArrival.NotLinked => Say("Upstream.NotLinked", StatusCodes.Status403Forbidden, ticket),
            _ => Say("Upstream.Refused", StatusCodes.Status403Forbidden, ticket, "account disabled, or not of an admitted e-mail domain"),
        };
    }

    private async Task<IActionResult> LinkAsync(Guid session, UpstreamIdentity identity) =>
        await desk.LinkAsync(HttpContext, session, identity) switch
        {
            UpstreamArrival.GoOn(var address) => SeeOther(address),
            UpstreamArrival.OfAnother => Show(
                "Upstream.OfAnother", StatusCodes.Status409Conflict, "Upstream.BackToLinked", "~" + EndpointPaths.LinkedIdentities, errorId: null),
            _ => flows.StartAgain(HttpContext),
        };

    /// <param name="title">Key of the title; the text's has <c>.Text</c> behind it.</param>
    /// <param name="status">Of the answer.</param>
    /// <param name="ticket">What had begun.</param>
    /// <param name="reason">For the log; null when nothing went wrong.</param>
    private IActionResult Say(string title, int status, UpstreamTicket ticket, string? reason = null)
    {
        var errorId = reason is null ? null : ErrorId.Create();
        if (errorId is not null)
        {
            Log.UpstreamRefused(logger, errorId, _provider.Id, new LogText(reason!));
        }

        if (ticket.LinkingSession is not null)
        {
            return Show(title, status, "Upstream.BackToLinked", "~" + EndpointPaths.LinkedIdentities, errorId);
        }

        return places.Open(HttpContext, ticket.Flow, ticket.ReturnUrl, ticket.Level) is { } place
            ? Show(title, status, "Upstream.BackToSignIn", place.AddressOf(EndpointPaths.SignIn), errorId)
            : flows.StartAgain(HttpContext);
    }

    private IActionResult Show(string title, int status, string nextText, string next, string? errorId)
    {
        Message = new UpstreamMessage(title, TextOf(title), _provider.DisplayName, nextText, next, errorId);
        Response.StatusCode = status;
        return Page();
    }

    private static string TextOf(string title) => title switch
    {
        "Upstream.Denied" => "Upstream.Denied.Text",
        "Upstream.NotLinked" => "Upstream.NotLinked.Text",
        "Upstream.Refused" => "Upstream.Refused.Text",
        "Upstream.OfAnother" => "Upstream.OfAnother.Text",
        _ => "Upstream.Failed.Text",
    };
}
