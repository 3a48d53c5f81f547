using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Resources;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Pages;

/// <summary>Asks for a recovery code, of who has lost the app.</summary>
internal sealed class RecoveryCodePage(
    SecondSteps steps, SecondFactorCheck factor, IStringLocalizer<PageTexts> texts, IOptions<ProtocolOptions> options)
    : CodeStepPage(steps, SignInMethods.RecoveryCode, texts, options)
{
    public async Task<IActionResult> OnGetAsync(string? flow, string? returnUrl, int level) =>
        await EnterAsync(flow, returnUrl, level) ?? Page();

    public async Task<IActionResult> OnPostAsync(string? flow, string? returnUrl, int level, [FromForm] string? code) =>
        await EnterAsync(flow, returnUrl, level) ?? await TakeAsync(
            code, trust: false, "RecoveryCode.Missing", "RecoveryCode.Wrong",
            (typed, origin) => factor.CheckRecoveryCodeAsync(Half.Account, typed, origin, HttpContext.RequestAborted));
}
