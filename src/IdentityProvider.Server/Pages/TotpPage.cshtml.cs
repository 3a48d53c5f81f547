using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Resources;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Pages;

/// <summary>Asks for a code of the authenticator app.</summary>
internal sealed class TotpPage(
    SecondSteps steps, SecondFactorCheck factor, IStringLocalizer<PageTexts> texts, IOptions<ProtocolOptions> options)
    : CodeStepPage(steps, SignInMethods.Totp, texts, options)
{
    public async Task<IActionResult> OnGetAsync(string? flow, string? returnUrl, int level) =>
        await EnterAsync(flow, returnUrl, level) ?? Page();

    public async Task<IActionResult> OnPostAsync(
        string? flow, string? returnUrl, int level, [FromForm] string? code, [FromForm] bool trust, [FromForm] string? decision)
    {
        if (await EnterAsync(flow, returnUrl, level) is { } elsewhere)
        {
            return elsewhere;
        }

        return MayDecline && decision is "decline"
            ? await DeclineAsync()
            : await TakeAsync(
                code, trust, "SecondFactor.CodeMissing", "SecondFactor.CodeWrong",
                (typed, origin) => factor.CheckTotpAsync(Half.Account, typed, origin, HttpContext.RequestAborted));
    }
}
