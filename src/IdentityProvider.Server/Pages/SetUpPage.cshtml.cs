using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Server.Resources;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>Sets up the second factor that a sign-in needs and the account does not have yet. The session begins when that is done.</summary>
internal sealed class SetUpPage(
    SecondSteps steps, SecondFactorChange factors, TotpOffers offers, IStringLocalizer<PageTexts> texts) : SecondStepPage(steps)
{
    private readonly SecondSteps _steps = steps;

    public TotpOffer? Offer { get; private set; }

    /// <summary>Set when it is done.</summary>
    public RecoveryCodeList? Codes { get; private set; }

    public string? Problem { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? flow, string? returnUrl, int level)
    {
        if (await EnterAsync(flow, returnUrl, level) is { } elsewhere)
        {
            return elsewhere;
        }

        Offer = offers.New(Half.Account);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(
        string? flow, string? returnUrl, int level, [FromForm] string? code, [FromForm] string? offer, [FromForm] string? decision)
    {
        if (await EnterAsync(flow, returnUrl, level) is { } elsewhere)
        {
            return elsewhere;
        }

        if (MayDecline && decision is "decline")
        {
            return await DeclineAsync();
        }

        var codes = await factors.TryAddTotpAsync(Half.Account, offer, code, RemoteAddress, HttpContext.RequestAborted);
        if (codes is null)
        {
            Offer = offers.Again(Half.Account, offer);
            Problem = texts[string.IsNullOrWhiteSpace(code) ? "SecondFactor.CodeMissing" : "SetUp.CodeWrong"];
            return Mend();
        }

        Codes = new RecoveryCodeList(codes, await _steps.Desk.ProvedAsync(HttpContext, Half, Proof.Totp, Place, trustDevice: false));
        return Page();
    }

    protected override bool Answers(SignInStep step) =>
        step is SignInStep.SetUp(var choices, _) && choices.Contains(Protocol.Sessions.SignInMethods.Totp, StringComparer.Ordinal);
}
