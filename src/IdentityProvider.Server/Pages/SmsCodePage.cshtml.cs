using IdentityProvider.Accounts.Codes;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Resources;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Pages;

/// <summary>Sends a code to the telephone of who has proved something else, and asks for it. Only the button sends: opening the page costs nothing.</summary>
internal sealed class SmsCodePage(
    SecondSteps steps,
    SmsCodes codes,
    TelephoneFactor telephone,
    SecondFactorCheck check,
    IStringLocalizer<PageTexts> texts,
    IOptions<ProtocolOptions> options) : SecondStepPage(steps)
{
    private readonly SecondSteps _steps = steps;

    private string _number = string.Empty;

    private SentCode? _sent;

    public bool IsSent => _sent is not null;

    public string MaskedNumber => TelephoneNumber.Mask(_number);

    /// <summary>Key of the text above the forms.</summary>
    public string? Notice { get; private set; }

    public string? Problem { get; private set; }

    public bool TrustDevice { get; private set; }

    /// <summary>Days for which a browser may be remembered; 0 for never.</summary>
    public int RememberDays => (int)options.Value.SignIn.RememberSecondFactor.TotalDays;

    public IReadOnlyList<OtherFactor> Others => _steps.OthersOf(Half, Place, SignInMethods.SmsCode);

    public async Task<IActionResult> OnGetAsync(string? flow, string? returnUrl, int level) =>
        await EnterHereAsync(flow, returnUrl, level) ?? Page();

    public async Task<IActionResult> OnPostAsync(
        string? flow, string? returnUrl, int level, [FromForm] string? code, [FromForm] bool trust, [FromForm] string? decision)
    {
        if (await EnterHereAsync(flow, returnUrl, level) is { } elsewhere)
        {
            return elsewhere;
        }

        if (MayDecline && decision is "decline")
        {
            return await DeclineAsync();
        }

        if (decision is "send" || _sent is null)
        {
            return await SendAsync();
        }

        TrustDevice = trust;
        if (string.IsNullOrWhiteSpace(code))
        {
            Problem = texts["Code.Missing"];
            return Mend();
        }

        if (await CountGuessAsync() is { } ended)
        {
            return ended;
        }

        var origin = await _steps.OriginAsync(HttpContext, Half);
        var outcome = await check.CheckAsync(
            Half.Account, Proof.SmsCode, origin, () => codes.TryAsync(HttpContext, SmsCodes.ForSignInAt(Place), _sent, code), HttpContext.RequestAborted);
        switch (outcome)
        {
            case SecondFactorOutcome.Proved(var proof):
                return SeeOther(await _steps.Desk.ProvedAsync(HttpContext, Half, proof, Place, trust));
            case SecondFactorOutcome.TooMany(var pause):
                Problem = texts["SecondFactor.TooMany", (int)Math.Ceiling(pause.TotalMinutes)];
                return ComeBackAfter(pause);
            default:
                Problem = texts["Sms.CodeWrong"];
                return Mend();
        }
    }

    protected override bool Answers(SignInStep step) =>
        step is SignInStep.SecondFactor(var choices, _) && choices.Contains(SignInMethods.SmsCode, StringComparer.Ordinal);

    private async Task<IActionResult?> EnterHereAsync(string? flow, string? returnUrl, int level)
    {
        if (await EnterAsync(flow, returnUrl, level) is { } elsewhere)
        {
            return elsewhere;
        }

        _number = (await telephone.FindNumberAsync(Half.Account, HttpContext.RequestAborted))!;
        _sent = codes.Find(HttpContext, SmsCodes.ForSignInAt(Place), Half.Account);
        return null;
    }

    private async Task<IActionResult> SendAsync()
    {
        if (await codes.SendAsync(HttpContext, SmsCodes.ForSignInAt(Place), Half.Account, _number) is { } pause)
        {
            Notice = "Limit.Sms";
            return ComeBackAfter(pause);
        }

        return SeeOther(Place.AddressOf(EndpointPaths.SmsCode));
    }
}
