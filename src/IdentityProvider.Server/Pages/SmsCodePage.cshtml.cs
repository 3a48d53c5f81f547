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
    SecondFactorCheck factor,
    IStringLocalizer<PageTexts> texts,
    IOptions<ProtocolOptions> options) : CodeStepPage(steps, SignInMethods.SmsCode, texts, options)
{
    private string _number = string.Empty;

    private SentCode? _sent;

    public bool IsSent => _sent is not null;

    public string MaskedNumber => TelephoneNumber.Mask(_number);

    /// <summary>Key of the text above the forms.</summary>
    public string? Notice { get; private set; }

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

        return await TakeAsync(code, trust, "Code.Missing", "Sms.CodeWrong", (typed, origin) => factor.CheckAsync(
            Half.Account, Proof.SmsCode, origin, () => codes.TryAsync(HttpContext, SmsCodes.ForSignInAt(Place), _sent, typed), HttpContext.RequestAborted));
    }

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
