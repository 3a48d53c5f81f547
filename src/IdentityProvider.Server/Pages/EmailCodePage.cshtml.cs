using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Resources;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>Takes the code of a mail, in the browser that asked for it. It cannot be told here whether a mail was sent at all.</summary>
internal sealed class EmailCodePage(
    EmailSignIn email,
    SignInDesk desk,
    SignInPlaces places,
    PageFlows flows,
    SignInPageSettings settings,
    IStringLocalizer<PageTexts> texts) : HostedPage
{
    private SignInPlace _place = null!;

    /// <summary>Who asks; null when the person came by themselves.</summary>
    public ClientTile? Tile { get; private set; }

    public bool HasLink => email.MethodOf(_place) is SignInMethods.EmailLink;

    public string? Problem { get; private set; }

    /// <summary>Where a new mail is asked for.</summary>
    public string AgainAddress => _place.AddressOf(EndpointPaths.SignInByEmail);

    public IActionResult OnGet(string? flow, string? returnUrl, int level)
    {
        if (Enter(flow, returnUrl, level) is { } elsewhere)
        {
            return elsewhere;
        }

        return email.IsWaiting(HttpContext, _place) ? Page() : SeeOther(AgainAddress);
    }

    public async Task<IActionResult> OnPostAsync(string? flow, string? returnUrl, int level, [FromForm] string? code)
    {
        if (Enter(flow, returnUrl, level) is { } elsewhere)
        {
            return elsewhere;
        }

        if (string.IsNullOrWhiteSpace(code))
        {
            Problem = texts["Code.Missing"];
            return Mend();
        }

        switch (await email.TypeAsync(HttpContext, _place, code))
        {
            case EmailSignInOutcome.Proved(var account, var proof, var remember):
                return SeeOther(await desk.ProvedAsync(HttpContext, account, proof, _place, remember));
            case EmailSignInOutcome.TooMany(var pause):
                Problem = texts["Code.TooMany"];
                return ComeBackAfter(pause);
            case EmailSignInOutcome.Dead:
                Problem = texts["Code.Dead"];
                return Mend();
            default:
                Problem = texts["Code.Wrong"];
                return Mend();
        }
    }

    private IActionResult? Enter(string? flow, string? returnUrl, int level)
    {
        if (places.Open(HttpContext, flow, returnUrl, level) is not { } place)
        {
            return flows.StartAgain(HttpContext);
        }

        _place = place;
        Tile = place.Client is { } client ? ClientTile.Of(client, settings.Issuer) : null;
        return email.MethodOf(place) is null ? NoSuchPage() : null;
    }
}
