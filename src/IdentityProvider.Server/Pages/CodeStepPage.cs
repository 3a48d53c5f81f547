using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Resources;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Pages;

/// <summary>A page that asks for a code as the second factor. All of them count and explain alike, whatever makes the codes.</summary>
internal abstract class CodeStepPage(
    SecondSteps steps, string method, IStringLocalizer<PageTexts> texts, IOptions<ProtocolOptions> options) : SecondStepPage(steps)
{
    private readonly SecondSteps _steps = steps;

    /// <summary>What is wrong with the code.</summary>
    public string? Problem { get; private set; }

    public bool TrustDevice { get; private set; }

    /// <summary>Days for which a browser may be remembered; 0 for never.</summary>
    public int RememberDays => (int)options.Value.SignIn.RememberSecondFactor.TotalDays;

    /// <summary>Links to the other methods that would do.</summary>
    public IReadOnlyList<OtherFactor> Others => _steps.OthersOf(Half, Place, method);

    protected override bool Answers(SignInStep step) =>
        step is SignInStep.SecondFactor(var choices, _) && choices.Contains(method, StringComparer.Ordinal);

    /// <param name="code">As it was typed.</param>
    /// <param name="trust">Whether this browser shall not be asked again for a time.</param>
    /// <param name="missing">Key of what is said when nothing was typed.</param>
    /// <param name="wrong">Key of what is said when it is not right.</param>
    /// <param name="check">Compares it; called only when it may be.</param>
    protected async Task<IActionResult> TakeAsync(
        string? code, bool trust, string missing, string wrong, Func<string, CodeOrigin, Task<SecondFactorOutcome>> check)
    {
        TrustDevice = trust;
        if (string.IsNullOrWhiteSpace(code))
        {
            Problem = texts[missing];
            return Mend();
        }

        if (await CountGuessAsync() is { } ended)
        {
            return ended;
        }

        switch (await check(code, await _steps.OriginAsync(HttpContext, Half)))
        {
            case SecondFactorOutcome.Proved(var proof):
                return SeeOther(await _steps.Desk.ProvedAsync(HttpContext, Half, proof, Place, trust));
            case SecondFactorOutcome.TooMany(var pause):
                Problem = texts["SecondFactor.TooMany", (int)Math.Ceiling(pause.TotalMinutes)];
                return ComeBackAfter(pause);
            default:
                Problem = texts[wrong];
                return Mend();
        }
    }
}
