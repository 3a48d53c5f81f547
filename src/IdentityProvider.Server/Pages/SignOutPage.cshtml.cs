using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.EndSession;
using IdentityProvider.Server.Composition;
using IdentityProvider.Server.Endpoints;
using IdentityProvider.Server.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Asks before it signs a person out (RP-Initiated Logout 1.0 §2): a link or a picture on another site must not do it. A value in the
/// address that cannot be opened is as good as none: then the person stays with us afterwards.
/// </summary>
internal sealed class SignOutPage(
    BrowserSession sessions,
    PendingSignOuts signOuts,
    SignOutAnswer signOut,
    ICatalogStore catalog,
    People people,
    IOptions<ProtocolOptions> options) : HostedPage
{
    /// <summary>Who asks; null when the person came by themselves.</summary>
    public ClientTile? Tile { get; private set; }

    public Person Person { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string? signout)
    {
        var pending = signOuts.Open(signout);
        var destination = DestinationOf(pending);
        if (await sessions.ReadAsync(HttpContext, HttpContext.RequestAborted) is not { } session)
        {
            // Nobody is signed in here: nothing to ask, and nothing to tell a stranger.
            return SeeOther(destination ?? "~" + EndpointPaths.SignedOut);
        }

        SecurityHeaders.ForPage(HttpContext, destination is null ? null : new Uri(destination));
        if (pending?.ClientId is { } clientId && catalog.Current.FindClient(clientId) is { } client)
        {
            Tile = ClientTile.Of(client, options.Value.Issuer);
        }

        Person = await people.GetAsync(session.Subject, HttpContext.RequestAborted);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? signout, string? decision)
    {
        if (!string.Equals(decision, "signout", StringComparison.Ordinal))
        {
            return SeeOther("~" + EndpointPaths.Account);
        }

        return new PageAnswer(await signOut.SignOutAsync(HttpContext, DestinationOf(signOuts.Open(signout))));
    }

    private string? DestinationOf(PendingSignOut? pending) => pending is null ? null : signOuts.ReturnAddress(pending);
}
