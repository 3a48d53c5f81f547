using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>Says why a sign-in ended before there was a session, and what to do. It changes nothing and knows nobody.</summary>
internal sealed class SignInEndedPage(SecondSteps steps) : HostedPage
{
    /// <summary>Who asks; null when the person came by themselves.</summary>
    public ClientTile? Tile { get; private set; }

    public SignInEnding Ending { get; private set; }

    public string SignInAddress { get; private set; } = string.Empty;

    public IActionResult OnGet(string? flow, string? returnUrl, int level, string? why)
    {
        if (steps.Open(HttpContext, flow, returnUrl, level) is not { } place)
        {
            return steps.StartAgain(HttpContext);
        }

        Ending = string.Equals(why, nameof(SignInEnding.TooManyCodes), StringComparison.Ordinal)
            ? SignInEnding.TooManyCodes
            : SignInEnding.NoSecondFactor;
        (Tile, SignInAddress) = (steps.TileOf(place), place.BeginAgainAddress);
        return Page();
    }
}
