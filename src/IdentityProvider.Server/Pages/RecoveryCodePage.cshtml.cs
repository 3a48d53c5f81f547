using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Resources;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>Asks for a recovery code, of who has lost the app.</summary>
internal sealed class RecoveryCodePage(
    SecondSteps steps, SecondFactorCheck check, IStringLocalizer<PageTexts> texts) : SecondStepPage(steps)
{
    private readonly SecondSteps _steps = steps;

    public string? Problem { get; private set; }

    public IReadOnlyList<OtherFactor> Others => _steps.OthersOf(Half, Place, SignInMethods.RecoveryCode);

    public async Task<IActionResult> OnGetAsync(string? flow, string? returnUrl, int level) =>
        await EnterAsync(flow, returnUrl, level) ?? Page();

    public async Task<IActionResult> OnPostAsync(string? flow, string? returnUrl, int level, [FromForm] string? code)
    {
        if (await EnterAsync(flow, returnUrl, level) is { } elsewhere)
        {
            return elsewhere;
        }

        if (string.IsNullOrWhiteSpace(code))
        {
            Problem = texts["RecoveryCode.Missing"];
            return Mend();
        }

        if (await CountGuessAsync() is { } ended)
        {
            return ended;
        }

        var origin = await _steps.OriginAsync(HttpContext, Half);
        switch (await check.CheckRecoveryCodeAsync(Half.Account, code, origin, HttpContext.RequestAborted))
        {
            case SecondFactorOutcome.Proved(var proof):
                return SeeOther(await _steps.Desk.ProvedAsync(HttpContext, Half, proof, Place, trustDevice: false));
            case SecondFactorOutcome.TooMany(var pause):
                Problem = texts["SecondFactor.TooMany", (int)Math.Ceiling(pause.TotalMinutes)];
                return ComeBackAfter(pause);
            default:
                Problem = texts["RecoveryCode.Wrong"];
                return Mend();
        }
    }

    protected override bool Answers(SignInStep step) =>
        step is SignInStep.SecondFactor(var choices, _) && choices.Contains(SignInMethods.RecoveryCode, StringComparer.Ordinal);
}
