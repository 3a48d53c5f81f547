using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Resources;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Pages;

/// <summary>Sets up the authenticator app of who is signed in, after a fresh proof.</summary>
internal sealed class AddTotpPage(
    AccountGuard guard, SecondFactorChange factors, TotpOffers offers, IOptions<ProtocolOptions> options, IStringLocalizer<PageTexts> texts) : HostedPage
{
    private int _level;

    public TotpOffer? Offer { get; private set; }

    /// <summary>Set when it is done.</summary>
    public RecoveryCodeList? Codes { get; private set; }

    public string? Problem { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (!IsOffered)
        {
            return NoSuchPage();
        }

        if (await FindAccountAsync() is not { } account)
        {
            return ProveFirst();
        }

        Offer = offers.New(account);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync([FromForm] string? code, [FromForm] string? offer)
    {
        if (!IsOffered)
        {
            return NoSuchPage();
        }

        if (await FindAccountAsync() is not { } account)
        {
            return ProveFirst();
        }

        var codes = await factors.TryAddTotpAsync(account, offer, code, RemoteAddress, HttpContext.RequestAborted);
        if (codes is null)
        {
            Offer = offers.Again(account, offer);
            Problem = texts[string.IsNullOrWhiteSpace(code) ? "SecondFactor.CodeMissing" : "SetUp.CodeWrong"];
            return Mend();
        }

        Codes = new RecoveryCodeList(codes, $"~{EndpointPaths.SecondFactors}?{PageParameters.Done}=app");
        return Page();
    }

    private bool IsOffered => options.Value.SignIn.Offers(SignInMethods.Totp);

    /// <summary>Null when a fresh proof is missing, of the level that is then in <see cref="ProveFirst"/>.</summary>
    private async Task<Account?> FindAccountAsync()
    {
        (var entered, _level) = await guard.FindForNewFactorAsync(HttpContext);
        return entered?.Account;
    }

    private IActionResult ProveFirst() => SeeOther(FreshSignIn.AddressFor(Url.Content("~" + EndpointPaths.AddTotp), _level));
}
