using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Composition;
using IdentityProvider.Server.Passkeys;
using IdentityProvider.Server.Sessions;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>After a sign-in by password: do you want a passkey? Whatever the answer, the way goes on as it would have.</summary>
internal sealed class OfferPasskeyPage(
    PasskeyDesk desk, SignInPlaces places, SignInReturn addresses, PageFlows flows, BrowserSession browser, PasskeyGuard guard) : HostedPage
{
    private SignInPlace _place = null!;

    /// <summary>Where the person goes on to.</summary>
    public string Onward => Url.Content(addresses.Of(_place, levelDeclined: false));

    public bool HasFailed { get; private set; }

    public string HandlerAddress(string handler) => Url.Content(_place.AddressOf(EndpointPaths.OfferPasskey, handler));

    public async Task<IActionResult> OnGetAsync(string? flow, string? returnUrl) => await EnterAsync(flow, returnUrl) switch
    {
        null when _place is null => flows.StartAgain(HttpContext),
        null => SeeOther(Onward),
        _ => Page(),
    };

    /// <summary>For the script.</summary>
    public async Task<IActionResult> OnPostOptionsAsync(string? flow, string? returnUrl) =>
        await EnterAsync(flow, returnUrl) is { } session ? await desk.BeginAsync(HttpContext, session) : StatusCode(StatusCodes.Status403Forbidden);

    public async Task<IActionResult> OnPostAddAsync(PasskeyAnswer answer, string? flow, string? returnUrl)
    {
        switch (await EnterAsync(flow, returnUrl))
        {
            case null when _place is null:
                return flows.StartAgain(HttpContext);
            case { } session when !await desk.TryAddAsync(HttpContext, session, answer.Ticket, answer.Credential):
                HasFailed = true;
                return Mend();
            default:
                return SeeOther(Onward);
        }
    }

    /// <summary>The session, when it is fresh enough for a new key to the account.</summary>
    private async Task<Session?> EnterAsync(string? flow, string? returnUrl)
    {
        if (places.Open(HttpContext, flow, returnUrl) is not { } place)
        {
            return null;
        }

        _place = place;
        SecurityHeaders.ForPage(HttpContext, place.Flow?.Destination, script: true, fetches: true);
        return guard.IsOpen && await browser.ReadAsync(HttpContext, HttpContext.RequestAborted) is { } session && await guard.IsFreshAsync(session, HttpContext.RequestAborted)
            ? session
            : null;
    }
}
