using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Composition;
using IdentityProvider.Server.Passkeys;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>A passkey after another proof: who it is stands already, and only their own will do.</summary>
internal sealed class PasskeyPage(
    SignInDesk desk, SignInPlaces places, PageFlows flows, PasskeyDoor passkeys, SignInPageSettings settings, IEnumerable<SecondFactorPage> pages)
    : HostedPage
{
    private SignInPlace _place = null!;
    private SignInStep.SecondFactor _step = null!;

    /// <summary>Who asks; null when the person came by themselves.</summary>
    public ClientTile? Tile { get; private set; }

    public string UserName { get; private set; } = string.Empty;

    /// <summary>Key of the text above the form.</summary>
    public string? Notice { get; private set; }

    /// <summary>Whether the person may go on without.</summary>
    public bool MayDecline => _step.MayDecline;

    /// <summary>The pages of the other methods that would do, with the key of the link's text.</summary>
    public IReadOnlyList<(string Address, string Text)> Others { get; private set; } = [];

    public string HandlerAddress(string handler) => Url.Content(_place.AddressOf(EndpointPaths.SignInByPasskey, handler));

    public async Task<IActionResult> OnGetAsync(string? flow, string? returnUrl, int level) =>
        await EnterAsync(flow, returnUrl, level) is { Refusal: { } refusal } ? refusal : Page();

    /// <summary>For the script.</summary>
    public async Task<IActionResult> OnPostOptionsAsync(string? flow, string? returnUrl, int level) =>
        await EnterAsync(flow, returnUrl, level) is { Half: { } half }
            ? await passkeys.BeginAsync(HttpContext, PasskeyPurpose.SecondFactorAt(_place, half.Account))
            : StatusCode(StatusCodes.Status403Forbidden);

    public async Task<IActionResult> OnPostProveAsync(PasskeyAnswer answer, string? flow, string? returnUrl, int level)
    {
        if (await EnterAsync(flow, returnUrl, level) is not { Half: { } half } entered)
        {
            return flows.StartAgain(HttpContext);
        }

        switch (await passkeys.ProveAsync(HttpContext, PasskeyPurpose.SecondFactorAt(_place, half.Account), answer, half.Account))
        {
            case PasskeyEntry.Proved:
                return SeeOther(await desk.ProvedAsync(HttpContext, half, Proof.Passkey, _place, trustDevice: false));
            case PasskeyEntry.TooMany(var retryAfter):
                Notice = "SignIn.PasskeyTooMany";
                return ComeBackAfter(retryAfter);
            default:
                Notice = "SignIn.PasskeyRefused";
                return Mend();
        }
    }

    public async Task<IActionResult> OnPostDeclineAsync(string? flow, string? returnUrl, int level) =>
        await EnterAsync(flow, returnUrl, level) is { Half: { } half }
            ? SeeOther(await desk.DeclinedAsync(HttpContext, half, _place))
            : flows.StartAgain(HttpContext);

    private async Task<Entered> EnterAsync(string? flow, string? returnUrl, int level)
    {
        if (places.Open(HttpContext, flow, returnUrl, level) is not { } place)
        {
            return new Entered(Half: null, flows.StartAgain(HttpContext));
        }

        _place = place;
        var half = await desk.OpenAsync(HttpContext, place);
        if (half?.Step is not SignInStep.SecondFactor step || !step.Choices.Contains(SignInMethods.Passkey, StringComparer.Ordinal))
        {
            return new Entered(Half: null, SeeOther(place.AddressOf(EndpointPaths.SignIn)));
        }

        _step = step;
        UserName = half.Account.UserName!;
        Tile = place.Client is { } client ? ClientTile.Of(client, settings.Issuer) : null;
        Others =
        [
            .. pages.Where(page => page.Method is not SignInMethods.Passkey && step.Choices.Contains(page.Method, StringComparer.Ordinal))
                .Select(page => (Url.Content(place.AddressOf(page.Path)), page.LinkText)),
        ];
        SecurityHeaders.ForPage(HttpContext, place.Flow?.Destination, script: true, fetches: true);
        return new Entered(half, Refusal: null);
    }

    private readonly record struct Entered(HalfSignIn? Half, IActionResult? Refusal);
}
