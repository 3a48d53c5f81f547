using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Endpoints;
using IdentityProvider.Server.SignIn;
using IdentityProvider.Server.Upstream;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// The button "Continue with …": sends the browser to the provider. A link and no form, for the content policy would have to allow every
/// provider as the target of forms; who comes from another site is shown the sign-in page first.
/// </summary>
internal sealed class UpstreamStartPage(UpstreamRoundTrip roundTrip, SignInPlaces places, PageFlows flows, ILogger<UpstreamStartPage> logger) : HostedPage
{
    public UpstreamMessage Message { get; private set; } = null!;

    /// <param name="provider">Its id.</param>
    /// <param name="flow">The sealed request; null when no client asks.</param>
    /// <param name="returnUrl">A path of ours to go on to without a flow.</param>
    /// <param name="level">The least level that will do there.</param>
    /// <param name="fresh">Whether a new proof is needed there.</param>
    public async Task<IActionResult> OnGetAsync(string provider, string? flow, string? returnUrl, int level, bool fresh)
    {
        if (places.Open(HttpContext, flow, returnUrl, level) is not { } place)
        {
            return flows.StartAgain(HttpContext);
        }

        if (roundTrip.Find(provider) is not { } upstream || !place.Takes(SignInMethods.Upstream))
        {
            return NoSuchPage();
        }

        if (Request.Headers["Sec-Fetch-Site"] is [{ } site, ..] && site is not ("same-origin" or "none"))
        {
            return SeeOther(place.AddressOf(EndpointPaths.SignIn));
        }

        var ticket = new UpstreamTicket
        {
            ProviderId = upstream.Id,
            Flow = flow,
            ReturnUrl = place.ReturnUrl,
            Level = place.Demand.Required,
            IsFresh = fresh || place.Flow is { Request: var request } && (request.Prompts(PromptValues.Login) || request.MaxAge is not null),
        };
        var hint = place.Flow?.Pending[ParameterNames.LoginHint] is { Length: <= AccountFinder.MaxLength } typed ? typed : null;
        if (await roundTrip.BeginAsync(HttpContext, upstream, ticket, hint) is { } address)
        {
            return SeeOther(address);
        }

        var errorId = ErrorId.Create();
        Log.UpstreamRefused(logger, errorId, upstream.Id, new LogText("its metadata cannot be had"));
        Message = new UpstreamMessage(
            "Upstream.Unavailable", "Upstream.Unavailable.Text", upstream.DisplayName, "Upstream.BackToSignIn",
            place.AddressOf(EndpointPaths.SignIn), errorId);
        Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Page();
    }
}
