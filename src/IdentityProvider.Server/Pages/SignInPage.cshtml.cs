using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Composition;
using IdentityProvider.Server.Passkeys;
using IdentityProvider.Server.Resources;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Where a sign-in begins, by password or passkey: for a client or, without a flow, for a page of our own. Every refusal looks the same.
/// </summary>
internal sealed class SignInPage(
    SignInPlaces places, PageFlows flows, SignInArrival arrival, SignInOffers offers, SignInEntry entry, IStringLocalizer<PageTexts> texts) : HostedPage
{
    private SignInPlace _place = null!;

    public SignInOffer Offer { get; private set; } = null!;

    public string? UserName { get; private set; }

    public bool Remember { get; private set; }

    /// <summary>Key of the text above the form.</summary>
    public string? Notice { get; private set; }

    public string? UserNameProblem { get; private set; }

    public string? PasswordProblem { get; private set; }

    public bool FocusUserName => string.IsNullOrEmpty(UserName) || UserNameProblem is not null;

    /// <summary>What follows when no client asks: our own device page, or the account.</summary>
    public bool LeadsToDevice =>
        OwnAddress(_place.ReturnUrl).StartsWith(Url.Content("~" + EndpointPaths.Device), StringComparison.Ordinal);

    /// <summary>Where a mail to sign in with is asked for.</summary>
    public string EmailAddress => _place.AddressOf(EndpointPaths.SignInByEmail);

    public bool EmailHasLink => Offer.Email is SignInMethods.EmailLink;

    /// <summary>Where an account is created for the same place.</summary>
    public string RegisterAddress => _place.Flow is { } request
        ? flows.AddressOf(EndpointPaths.Register, request.Pending)
        : RegisterPage.AddressBefore(_place.ReturnUrl);

    /// <summary>The address of a handler of this page, for the same place.</summary>
    public string HandlerAddress(string handler) => Url.Content(_place.AddressOf(EndpointPaths.SignIn, handler));

    /// <param name="flow">The sealed request; null when no client asks.</param>
    /// <param name="returnUrl">A path of ours to go on to without a flow.</param>
    /// <param name="level">The least level that will do there.</param>
    /// <param name="fresh">Ask even who is signed in already: too long ago for what follows, or somebody else wants to.</param>
    public async Task<IActionResult> OnGetAsync(string? flow, string? returnUrl, int level, bool fresh)
    {
        if (!TryEnter(flow, returnUrl, level, fresh))
        {
            return flows.StartAgain(HttpContext);
        }

        if (!fresh && await arrival.FindWayOnAsync(HttpContext, _place) is { } wayOn)
        {
            return SeeOther(wayOn);
        }

        if (Offer is { Password: false, Passkey: false, Email: not null })
        {
            return SeeOther(EmailAddress);
        }

        UserName = _place.Flow?.Pending[ParameterNames.LoginHint] is { Length: <= AccountFinder.MaxLength } hint
            ? hint
            : await arrival.FindUserNameAsync(HttpContext, _place);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(SignInForm form, string? flow, string? returnUrl, int level, bool fresh)
    {
        if (!TryEnter(flow, returnUrl, level, fresh))
        {
            return flows.StartAgain(HttpContext);
        }

        if (_place.Flow is { } request && string.Equals(form.Decision, "deny", StringComparison.Ordinal))
        {
            return SeeOther(flows.ReturnAddress(request.Pending with { Denied = true }));
        }

        if (!Offer.Password)
        {
            return NoSuchPage();
        }

        (UserName, Remember) = (form.UserName, form.Remember);
        UserNameProblem = string.IsNullOrWhiteSpace(form.UserName) ? texts["SignIn.UserNameMissing"].Value : null;
        PasswordProblem = string.IsNullOrEmpty(form.Password) ? texts["SignIn.PasswordMissing"].Value : null;
        return UserNameProblem is not null || PasswordProblem is not null
            ? Mend()
            : Answer(await entry.ByPasswordAsync(HttpContext, _place, form));
    }

    /// <summary>For the script.</summary>
    public async Task<IActionResult> OnPostPasskeyOptionsAsync(string? flow, string? returnUrl, int level) =>
        TryEnter(flow, returnUrl, level) && Offer.Passkey
            ? await entry.BeginPasskeyAsync(HttpContext, _place)
            : StatusCode(StatusCodes.Status403Forbidden);

    public async Task<IActionResult> OnPostPasskeyAsync(PasskeyAnswer answer, string? flow, string? returnUrl, int level)
    {
        if (!TryEnter(flow, returnUrl, level))
        {
            return flows.StartAgain(HttpContext);
        }

        if (!Offer.Passkey)
        {
            return NoSuchPage();
        }

        Remember = answer.Remember;
        return Answer(await entry.ByPasskeyAsync(HttpContext, _place, answer));
    }

    private IActionResult Answer(SignInEntryOutcome outcome)
    {
        switch (outcome)
        {
            case SignInEntryOutcome.GoOn(var address):
                return SeeOther(address);
            case SignInEntryOutcome.Wait(var pause, var notice):
                Notice = notice;
                return ComeBackAfter(pause);
            case SignInEntryOutcome.Refused(var notice):
                Notice = notice;
                return Mend();
            default:
                Notice = "SignIn.Busy";
                return ComeBack();
        }
    }

    private bool TryEnter(string? flow, string? returnUrl, int level, bool fresh = false)
    {
        if (places.Open(HttpContext, flow, returnUrl, level) is not { } place)
        {
            return false;
        }

        (_place, Offer) = (place, offers.At(place, fresh));
        if (Offer.Passkey)
        {
            SecurityHeaders.ForPage(HttpContext, place.Flow?.Destination, script: true, fetches: true);
        }

        return true;
    }
}

/// <summary>The form of the sign-in page.</summary>
internal sealed class SignInForm
{
    [FromForm(Name = "username")]
    public string? UserName { get; set; }

    [FromForm(Name = "password")]
    public string? Password { get; set; }

    [FromForm(Name = "remember")]
    public bool Remember { get; set; }

    /// <summary>Set by the script: this device could keep a passkey.</summary>
    [FromForm(Name = "passkeys")]
    public bool CanKeepPasskey { get; set; }

    [FromForm(Name = "decision")]
    public string? Decision { get; set; }
}

/// <summary>What the operator decided about signing in.</summary>
internal sealed class SignInPageSettings(IOptions<ProtocolOptions> protocol, IOptions<AccountsOptions> accounts)
{
    public string Issuer => protocol.Value.Issuer;

    public bool OffersPassword => Offers(SignInMethods.Password);

    public bool OffersRemember => protocol.Value.Sessions.AllowPersistent;

    public bool Offers(string method) => protocol.Value.SignIn.Offers(method);

    public bool OffersRegistration => accounts.Value.Registration == RegistrationMode.Open;

    public bool RegistersByInvitation => accounts.Value.Registration == RegistrationMode.Invitation;
}
