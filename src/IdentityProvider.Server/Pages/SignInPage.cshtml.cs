using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Composition;
using IdentityProvider.Server.Resources;
using IdentityProvider.Server.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Signs a person in by password, for a client or, without a flow, for their own account. Every refusal looks the same.
/// </summary>
internal sealed class SignInPage(
    PasswordSignIn signIn,
    BrowserSession sessions,
    PageFlows flows,
    People people,
    IStringLocalizer<PageTexts> texts,
    SignInPageSettings settings) : HostedPage
{
    private string? _returnUrl;

    /// <summary>Who asks; null when the person came by themselves.</summary>
    public ClientTile? Tile { get; private set; }

    public string? UserName { get; private set; }

    public bool Remember { get; private set; }

    public bool OffersRemember => settings.OffersRemember;

    /// <summary>Key of the text above the form.</summary>
    public string? Notice { get; private set; }

    public string? UserNameProblem { get; private set; }

    public string? PasswordProblem { get; private set; }

    public bool FocusUserName => string.IsNullOrEmpty(UserName) || UserNameProblem is not null;

    public string? RegisterAddress { get; private set; }

    /// <summary>What follows when no client asks: our own device page, or the account.</summary>
    public bool LeadsToDevice => ReturnUrl.StartsWith(Url.Content("~" + EndpointPaths.Device), StringComparison.Ordinal);

    /// <param name="flow">The sealed request; null when no client asks.</param>
    /// <param name="returnUrl">A path of ours to go on to without a flow.</param>
    /// <param name="fresh">Ask even who is signed in already: too long ago for what follows.</param>
    public async Task<IActionResult> OnGetAsync(string? flow, string? returnUrl, bool fresh)
    {
        if (!TryEnter(flow, returnUrl, out var request))
        {
            return flows.StartAgain(HttpContext);
        }

        var session = await sessions.ReadAsync(HttpContext, HttpContext.RequestAborted);
        if (request is null && !fresh && session is not null)
        {
            return SeeOther(ReturnUrl);
        }

        UserName = request?.Pending[ParameterNames.LoginHint] is { Length: <= AccountFinder.MaxLength } hint ? hint : null;
        if (UserName is null && session is not null && request?.Pending.AccountSelected != true)
        {
            // Who is signed in already and only has to prove it once more need not say their name again.
            UserName = (await people.GetAsync(session.Subject, HttpContext.RequestAborted)).UserName;
        }

        return Page();
    }

    public async Task<IActionResult> OnPostAsync(
        string? flow, string? returnUrl, string? username, string? password, bool remember, string? decision)
    {
        if (!TryEnter(flow, returnUrl, out var request))
        {
            return flows.StartAgain(HttpContext);
        }

        if (request is not null && string.Equals(decision, "deny", StringComparison.Ordinal))
        {
            return SeeOther(flows.ReturnAddress(request.Pending with { Denied = true }));
        }

        (UserName, Remember) = (username, remember);
        UserNameProblem = string.IsNullOrWhiteSpace(username) ? texts["SignIn.UserNameMissing"].Value : null;
        PasswordProblem = string.IsNullOrEmpty(password) ? texts["SignIn.PasswordMissing"].Value : null;
        if (UserNameProblem is not null || PasswordProblem is not null)
        {
            return Mend();
        }

        switch (await signIn.SignInAsync(username!, password!, RemoteAddress, HttpContext.RequestAborted))
        {
            case SignInOutcome.SignedIn(var account):
                await sessions.SignInAsync(
                    HttpContext, account.Id, [AmrValues.Password], AcrValues.OneFactor, remember, HttpContext.RequestAborted);
                return SeeOther(request is null ? ReturnUrl : flows.ReturnAddress(request.Pending));
            case SignInOutcome.Busy:
                Notice = "SignIn.Busy";
                return ComeBack();
            default:
                Notice = "SignIn.Wrong";
                return Mend();
        }
    }

    /// <summary>Only a path of our own; anything else leads to the account page.</summary>
    private string ReturnUrl => OwnAddress(_returnUrl);

    private bool TryEnter(string? flow, string? returnUrl, out PageFlow? request)
    {
        _returnUrl = returnUrl;
        request = flow is null ? null : flows.Open(HttpContext, flow);
        if (flow is not null && request is null)
        {
            return false;
        }

        if (request is not null)
        {
            SecurityHeaders.ForPage(HttpContext, request.Destination);
            Tile = ClientTile.Of(request.Client, settings.Issuer);
        }

        if (settings.OffersRegistration)
        {
            RegisterAddress = request is null ? RegisterPage.AddressBefore(returnUrl) : flows.AddressOf(EndpointPaths.Register, request.Pending);
        }

        return true;
    }
}

/// <summary>What the operator decided about signing in.</summary>
internal sealed class SignInPageSettings(IOptions<ProtocolOptions> protocol, IOptions<AccountsOptions> accounts)
{
    public string Issuer => protocol.Value.Issuer;

    public bool OffersRemember => protocol.Value.Sessions.AllowPersistent;

    public bool OffersRegistration => accounts.Value.Registration == RegistrationMode.Open;
}
