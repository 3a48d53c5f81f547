using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Composition;
using IdentityProvider.Server.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary><c>prompt=select_account</c> (OIDC Core §3.1.2.1): the account of this browser, or another one.</summary>
internal sealed class SelectAccountPage(
    BrowserSession sessions, PageFlows flows, People people, SignInPageSettings settings) : HostedPage
{
    public ClientTile Tile { get; private set; } = null!;

    public Person Person { get; private set; } = null!;

    /// <summary>The session that was shown: what is chosen counts for no other.</summary>
    public string Sid { get; private set; } = string.Empty;

    /// <summary>The sign-in page for the same request, on which another person may sign in.</summary>
    public string OtherAddress { get; private set; } = string.Empty;

    public async Task<IActionResult> OnGetAsync(string? flow)
    {
        if (flows.Open(HttpContext, flow) is not { } request)
        {
            return flows.StartAgain(HttpContext);
        }

        if (await sessions.ReadAsync(HttpContext, HttpContext.RequestAborted) is not { } session)
        {
            return SeeOther(flows.ReturnAddress(request.Pending));
        }

        SecurityHeaders.ForPage(HttpContext, request.Destination);
        Tile = ClientTile.Of(request.Client, settings.Issuer);
        Person = await people.GetAsync(session.Subject, HttpContext.RequestAborted);
        Sid = session.Sid;
        OtherAddress = flows.AddressOf(EndpointPaths.SignIn, request.Pending with { AccountSelected = true });
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? flow, string? session)
    {
        if (flows.Open(HttpContext, flow) is not { } request)
        {
            return flows.StartAgain(HttpContext);
        }

        // Signed out or somebody else in the meantime: nothing was chosen, and the endpoint asks again.
        var present = await sessions.ReadAsync(HttpContext, HttpContext.RequestAborted);
        var isChosen = present is not null && string.Equals(present.Sid, session, StringComparison.Ordinal);
        return SeeOther(flows.ReturnAddress(isChosen ? request.Pending with { AccountSelected = true } : request.Pending));
    }
}
