using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Resources;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Pages;

/// <summary>Asks for a code of the authenticator app.</summary>
internal sealed class TotpPage(
    SecondSteps steps, SecondFactorCheck check, IStringLocalizer<PageTexts> texts, IOptions<ProtocolOptions> options) : SecondStepPage(steps)
{
    private readonly SecondSteps _steps = steps;

    public string? Problem { get; private set; }

    public bool TrustDevice { get; private set; }

    /// <summary>Days for which a browser may be remembered; 0 for never.</summary>
    public int RememberDays => (int)options.Value.SignIn.RememberSecondFactor.TotalDays;

    public IReadOnlyList<OtherFactor> Others => _steps.OthersOf(Half, Place, SignInMethods.Totp);

    public async Task<IActionResult> OnGetAsync(string? flow, string? returnUrl, int level) =>
        await EnterAsync(flow, returnUrl, level) ?? Page();

    public async Task<IActionResult> OnPostAsync(
        string? flow, string? returnUrl, int level, [FromForm] string? code, [FromForm] bool trust, [FromForm] string? decision)
    {
        if (await EnterAsync(flow, returnUrl, level) is { } elsewhere)
        {
            return elsewhere;
        }

        if (MayDecline && decision is "decline")
        {
            return await DeclineAsync();
        }

        TrustDevice = trust;
        if (string.IsNullOrWhiteSpace(code))
        {
            Problem = texts["SecondFactor.CodeMissing"];
            return Mend();
        }

        if (await CountGuessAsync() is { } ended)
        {
            return ended;
        }

        var origin = await _steps.OriginAsync(HttpContext, Half);
        switch (await check.CheckTotpAsync(Half.Account, code, origin, HttpContext.RequestAborted))
        {
            case SecondFactorOutcome.Proved(var proof):
                return SeeOther(await _steps.Desk.ProvedAsync(HttpContext, Half, proof, Place, trust));
            case SecondFactorOutcome.TooMany(var pause):
                Problem = texts["SecondFactor.TooMany", (int)Math.Ceiling(pause.TotalMinutes)];
                return ComeBackAfter(pause);
            default:
                Problem = texts["SecondFactor.CodeWrong"];
                return Mend();
        }
    }

    protected override bool Answers(SignInStep step) =>
        step is SignInStep.SecondFactor(var choices, _) && choices.Contains(SignInMethods.Totp, StringComparer.Ordinal);
}
