using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Takes the link of a mail. Opening it does nothing, however often and by whom: the button signs in, and there is one only in the browser that asked
/// for the mail. Any other is told to type the code there, so nobody is signed in by a link that a stranger asked for.
/// </summary>
internal sealed class EmailLinkPage(
    EmailSignIn email, SignInDesk desk, SignInPlaces places, PageFlows flows, SignInPageSettings settings) : HostedPage
{
    /// <summary>What the person typed to get the mail; null when this browser asked for none like it.</summary>
    public string? Asked { get; private set; }

    /// <summary>Who asks; null when the person came by themselves.</summary>
    public ClientTile? Tile { get; private set; }

    public IActionResult OnGet(string? token)
    {
        if (Find(token) is not { } sent)
        {
            return Page();
        }

        if (PlaceOf(sent) is not { } place)
        {
            return flows.StartAgain(HttpContext);
        }

        Asked = sent.Asked;
        Tile = place.Client is { } client ? ClientTile.Of(client, settings.Issuer) : null;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? token)
    {
        if (Find(token) is not { } sent)
        {
            return Gone();
        }

        if (PlaceOf(sent) is not { } place)
        {
            return flows.StartAgain(HttpContext);
        }

        return await email.FollowAsync(HttpContext, place, sent) is EmailSignInOutcome.Proved(var account, var proof, var remember)
            ? SeeOther(await desk.ProvedAsync(HttpContext, account, proof, place, remember))
            : Gone();
    }

    private SentCode? Find(string? token) => EmailLinkToken.Parse(token) is { } link ? email.FindByLink(HttpContext, link) : null;

    private SignInPlace? PlaceOf(SentCode sent) => places.Open(HttpContext, sent.Flow, sent.ReturnUrl, sent.Level);
}
