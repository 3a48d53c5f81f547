using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Composition;
using IdentityProvider.Server.Passkeys;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>A passkey after another proof: who it is stands already, and only their own will do.</summary>
internal sealed class PasskeyPage(SecondSteps steps, PasskeyDoor passkeys) : SecondStepPage(steps)
{
    private readonly SecondSteps _steps = steps;

    /// <summary>Key of the text above the form.</summary>
    public string? Notice { get; private set; }

    /// <summary>Links to the other methods that would do.</summary>
    public IReadOnlyList<OtherFactor> Others => _steps.OthersOf(Half, Place, SignInMethods.Passkey);

    private PasskeyPurpose Purpose => PasskeyPurpose.SecondFactorAt(Place, Half.Account);

    public string HandlerAddress(string handler) => Url.Content(Place.AddressOf(EndpointPaths.SignInByPasskey, handler));

    public async Task<IActionResult> OnGetAsync(string? flow, string? returnUrl, int level) => await EnterHereAsync(flow, returnUrl, level) ?? Page();

    /// <summary>For the script.</summary>
    public async Task<IActionResult> OnPostOptionsAsync(string? flow, string? returnUrl, int level) =>
        await EnterHereAsync(flow, returnUrl, level) is null
            ? await passkeys.BeginAsync(HttpContext, Purpose)
            : StatusCode(StatusCodes.Status403Forbidden);

    public async Task<IActionResult> OnPostProveAsync(PasskeyAnswer answer, string? flow, string? returnUrl, int level)
    {
        if (await EnterHereAsync(flow, returnUrl, level) is { } elsewhere)
        {
            return elsewhere;
        }

        switch (await passkeys.ProveAsync(HttpContext, Purpose, answer, Half.Account))
        {
            case PasskeyEntry.Proved:
                return SeeOther(await _steps.Desk.ProvedAsync(HttpContext, Half, Proof.Passkey, Place, trustDevice: false));
            case PasskeyEntry.TooMany(var retryAfter):
                Notice = "SignIn.PasskeyTooMany";
                return ComeBackAfter(retryAfter);
            default:
                Notice = "SignIn.PasskeyRefused";
                return Mend();
        }
    }

    public async Task<IActionResult> OnPostDeclineAsync(string? flow, string? returnUrl, int level) =>
        await EnterHereAsync(flow, returnUrl, level) ?? await DeclineAsync();

    protected override bool Answers(SignInStep step) =>
        step is SignInStep.SecondFactor(var choices, _) && choices.Contains(SignInMethods.Passkey, StringComparer.Ordinal);

    private async Task<IActionResult?> EnterHereAsync(string? flow, string? returnUrl, int level)
    {
        if (await EnterAsync(flow, returnUrl, level) is { } elsewhere)
        {
            return elsewhere;
        }

        SecurityHeaders.ForPage(HttpContext, Place.Flow?.Destination, script: true, fetches: true);
        return null;
    }
}
