using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// A page after the first proof. It is reached only with a half sign-in of this browser for this place that waits for just this page; whoever
/// comes otherwise is sent to where they belong, and nothing has happened.
/// </summary>
internal abstract class SecondStepPage(SecondSteps steps) : HostedPage
{
    /// <summary>Who asks; null when the person came by themselves.</summary>
    public ClientTile? Tile { get; private set; }

    /// <summary>Whether only the request asks for it, so that the person may do without.</summary>
    public bool MayDecline { get; private set; }

    /// <summary>What the person signs in with, so that they see whose code is asked for.</summary>
    public string UserName => Half.Account.UserName ?? Half.Account.Email ?? "—";

    /// <summary>Begin again, as somebody else.</summary>
    public string OtherAccountAddress => Place.BeginAgainAddress;

    protected SignInPlace Place { get; private set; } = null!;

    protected HalfSignIn Half { get; private set; } = null!;

    /// <summary>Whether the step that is missing is done on this page.</summary>
    protected abstract bool Answers(SignInStep step);

    /// <summary>Null when the page may go on; otherwise what it answers.</summary>
    protected async Task<IActionResult?> EnterAsync(string? flow, string? returnUrl, int level)
    {
        if (steps.Open(HttpContext, flow, returnUrl, level) is not { } place)
        {
            return steps.StartAgain(HttpContext);
        }

        if (await steps.Desk.OpenAsync(HttpContext, place) is not { } half)
        {
            return SeeOther(place.AddressOf(EndpointPaths.SignIn));
        }

        if (!Answers(half.Step))
        {
            return SeeOther(place.AddressOf(steps.PageOf(half.Step)));
        }

        (Place, Half) = (place, half);
        Tile = steps.TileOf(place);
        MayDecline = half.Step is SignInStep.SecondFactor { MayDecline: true } or SignInStep.SetUp { MayDecline: true };
        return null;
    }

    protected async Task<IActionResult> DeclineAsync() => SeeOther(await steps.Desk.DeclinedAsync(HttpContext, Half, Place));

    /// <summary>To be asked before a code that was typed is compared. Null when it may be.</summary>
    protected async Task<IActionResult?> CountGuessAsync() =>
        await steps.Desk.TryGuessAsync(HttpContext, Half, Place) is { } elsewhere ? SeeOther(elsewhere) : null;
}
