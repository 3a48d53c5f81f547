using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Codes;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Resources;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Sets up a telephone for codes, of who is signed in, after a fresh proof: of both factors where the account has two. The number counts only when
/// the code that was sent there is typed in the same browser.
/// </summary>
internal sealed class TelephonePage(
    AccountGuard guard, SmsCodes codes, TelephoneChange change, IStringLocalizer<PageTexts> texts) : HostedPage
{
    private int _level;

    public string? Number { get; private set; }

    /// <summary>The number that a code is on its way to; null before.</summary>
    public string? SentTo { get; private set; }

    /// <summary>Key of the text above the forms.</summary>
    public string? Notice { get; private set; }

    public string? NumberProblem { get; private set; }

    public string? CodeProblem { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (!codes.IsOffered)
        {
            return NoSuchPage();
        }

        if (await FindAccountAsync() is not { } account)
        {
            return ProveFirst();
        }

        Number = SentTo = codes.Find(HttpContext, SmsCodes.ForNumberOf(account), account)?.Asked;
        return Page();
    }

    public async Task<IActionResult> OnPostSendAsync([FromForm] string? number)
    {
        if (!codes.IsOffered)
        {
            return NoSuchPage();
        }

        if (await FindAccountAsync() is not { } account)
        {
            return ProveFirst();
        }

        Number = number;
        if (TelephoneNumber.Parse(number) is not { } plain)
        {
            NumberProblem = texts["Telephone.NumberWrong"];
            return Mend();
        }

        if (await codes.SendAsync(HttpContext, SmsCodes.ForNumberOf(account), account, plain) is { } pause)
        {
            Notice = "Limit.Sms";
            return ComeBackAfter(pause);
        }

        return SeeOther("~" + EndpointPaths.Telephone);
    }

    public async Task<IActionResult> OnPostConfirmAsync([FromForm] string? code)
    {
        if (!codes.IsOffered)
        {
            return NoSuchPage();
        }

        if (await FindAccountAsync() is not { } account)
        {
            return ProveFirst();
        }

        if (codes.Find(HttpContext, SmsCodes.ForNumberOf(account), account) is not { } sent)
        {
            return SeeOther("~" + EndpointPaths.Telephone);
        }

        if (!await codes.TryAsync(HttpContext, SmsCodes.ForNumberOf(account), sent, code ?? string.Empty))
        {
            Number = SentTo = sent.Asked;
            CodeProblem = texts[string.IsNullOrWhiteSpace(code) ? "Code.Missing" : "Sms.CodeWrong"];
            return Mend();
        }

        var done = await change.TrySetAsync(account, sent.Asked, RemoteAddress, HttpContext.RequestAborted) ? "telephone" : SecondFactorsPage.Again;
        return SeeOther($"~{EndpointPaths.SecondFactors}?{PageParameters.Done}={done}");
    }

    /// <summary>Null when a fresh proof is missing, of the level that is then in <see cref="ProveFirst"/>.</summary>
    private async Task<Account?> FindAccountAsync()
    {
        (var entered, _level) = await guard.FindForNewFactorAsync(HttpContext);
        return entered?.Account;
    }

    private IActionResult ProveFirst() => SeeOther(FreshSignIn.AddressFor(Url.Content("~" + EndpointPaths.Telephone), _level));
}
