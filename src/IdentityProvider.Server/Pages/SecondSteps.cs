using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>What the pages after the first proof have in common.</summary>
internal sealed class SecondSteps(
    SignInPlaces places, PageFlows flows, SignInDesk desk, SignInReturn addresses, KnownDevices devices, SignInPageSettings settings)
{
    public SignInDesk Desk => desk;

    public SignInPlace? Open(HttpContext context, string? flow, string? returnUrl, int level) => places.Open(context, flow, returnUrl, level);

    public IActionResult StartAgain(HttpContext context) => flows.StartAgain(context);

    public ClientTile? TileOf(SignInPlace place) => place.Client is { } client ? ClientTile.Of(client, settings.Issuer) : null;

    /// <summary>Where the missing step is done.</summary>
    public string PageOf(SignInStep step) => step switch
    {
        SignInStep.SecondFactor(var choices, _) => addresses.PageOf(choices[0]),
        SignInStep.SetUp => EndpointPaths.SetUpSecondFactor,
        _ => EndpointPaths.SignIn,
    };

    /// <summary>Links to the pages of the other methods that would do.</summary>
    public IReadOnlyList<OtherFactor> OthersOf(HalfSignIn half, SignInPlace place, string method) => half.Step is SignInStep.SecondFactor(var choices, _)
        ? [.. choices.Where(choice => !string.Equals(choice, method, StringComparison.Ordinal)).Select(choice => OtherOf(choice, place))]
        : [];

    public async Task<CodeOrigin> OriginAsync(HttpContext context, HalfSignIn half) => new(
        context.Connection.RemoteIpAddress?.ToString(),
        (await devices.FindAsync(context, half.Account, context.RequestAborted))?.Id);

    private OtherFactor OtherOf(string method, SignInPlace place) => new(method, place.AddressOf(addresses.PageOf(method)), addresses.LinkTextOf(method));
}

/// <summary>A link to another way.</summary>
/// <param name="Method">A name of <see cref="Protocol.Sessions.SignInMethods"/>.</param>
/// <param name="Address">A path under the application's root.</param>
/// <param name="Text">Key of its text.</param>
internal sealed record OtherFactor(string Method, string Address, string Text);
