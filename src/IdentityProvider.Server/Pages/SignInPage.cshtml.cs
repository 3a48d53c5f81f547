using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Composition;
using IdentityProvider.Server.Passkeys;
using IdentityProvider.Server.Resources;
using IdentityProvider.Server.Sessions;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Where a sign-in begins, by password or passkey: for a client or, without a flow, for a page of our own. Every refusal looks the same.
/// </summary>
internal sealed class SignInPage(
    PasswordSignIn signIn,
    SignInDesk desk,
    SignInPlaces places,
    InteractionPolicy policy,
    BrowserSession sessions,
    PageFlows flows,
    People people,
    KnownDevices devices,
    EmailMethods emails,
    IStringLocalizer<PageTexts> texts,
    SignInPageSettings settings,
    PasskeyDoor passkeys,
    PasskeyOffers offers,
    UpstreamProviders providers) : HostedPage
{
    private SignInPlace _place = null!;
    private bool _fresh;

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

    /// <summary>Whether a password can begin this sign-in.</summary>
    public bool OffersPassword => settings.OffersPassword && _place.Takes(SignInMethods.Password);

    /// <summary>The address of a handler of this page, for the same place.</summary>
    public string HandlerAddress(string handler) => Url.Content(_place.AddressOf(EndpointPaths.SignIn, handler));

    /// <summary>Whether a passkey can.</summary>
    public bool OffersPasskey => passkeys.IsOpen && _place.Takes(SignInMethods.Passkey);

    /// <summary>Where a mail to sign in with is asked for; null where that is not taken.</summary>
    public string? EmailAddress => emails.Of(_place) is null ? null : _place.AddressOf(EndpointPaths.SignInByEmail);

    public bool EmailHasLink => emails.Of(_place) is SignInMethods.EmailLink;

    /// <summary>Providers that can begin it instead.</summary>
    public IEnumerable<UpstreamButton> Providers => _place.Takes(SignInMethods.Upstream)
        ? providers.All.Select(provider => UpstreamButton.Of(provider, _place, _fresh))
        : [];

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

        var session = await sessions.ReadAsync(HttpContext, HttpContext.RequestAborted);
        var request = _place.Flow;
        if (session is not null && !fresh)
        {
            if (MissesLevelOnly(session))
            {
                return SeeOther(await desk.StepUpAsync(HttpContext, session, _place));
            }

            if (request is null)
            {
                return SeeOther(ReturnUrl);
            }
        }

        if (!OffersPassword && !OffersPasskey && EmailAddress is { } email)
        {
            return SeeOther(email);
        }

        UserName = request?.Pending[ParameterNames.LoginHint] is { Length: <= AccountFinder.MaxLength } hint ? hint : null;
        if (UserName is null && session is not null && request?.Pending.AccountSelected != true)
        {
            // Who is signed in already and only has to prove it once more need not say their name again.
            UserName = (await people.GetAsync(session.Subject, HttpContext.RequestAborted)).UserName;
        }

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

        if (!OffersPassword)
        {
            return NoSuchPage();
        }

        (UserName, Remember) = (form.UserName, form.Remember);
        UserNameProblem = string.IsNullOrWhiteSpace(form.UserName) ? texts["SignIn.UserNameMissing"].Value : null;
        PasswordProblem = string.IsNullOrEmpty(form.Password) ? texts["SignIn.PasswordMissing"].Value : null;
        if (UserNameProblem is not null || PasswordProblem is not null)
        {
            return Mend();
        }

        switch (await signIn.SignInAsync(form.UserName!, form.Password!, RemoteAddress, HttpContext.RequestAborted, IsKnownDeviceAsync))
        {
            case SignInOutcome.SignedIn(var account):
                var next = await desk.ProvedAsync(HttpContext, account, Proof.Password, _place, form.Remember);
                return SeeOther(form.CanKeepPasskey ? await offers.BeforeAsync(HttpContext, account, _place, next) : next);
            case SignInOutcome.TooMany(var pause):
                Notice = "Limit.Password";
                return ComeBackAfter(pause);
            case SignInOutcome.Busy:
                Notice = "SignIn.Busy";
                return ComeBack();
            default:
                Notice = "SignIn.Wrong";
                return Mend();
        }
    }

    private Task<bool> IsKnownDeviceAsync(Account account) => devices.IsKnownAsync(HttpContext, account, HttpContext.RequestAborted);

    /// <summary>For the script: a challenge that whoever has a passkey can answer.</summary>
    public async Task<IActionResult> OnPostPasskeyOptionsAsync(string? flow, string? returnUrl, int level) =>
        TryEnter(flow, returnUrl, level) && OffersPasskey
            ? await passkeys.BeginAsync(HttpContext, PasskeyPurpose.SignInAt(_place))
            : StatusCode(StatusCodes.Status403Forbidden);

    public async Task<IActionResult> OnPostPasskeyAsync(PasskeyAnswer answer, string? flow, string? returnUrl, int level)
    {
        if (!TryEnter(flow, returnUrl, level))
        {
            return flows.StartAgain(HttpContext);
        }

        if (!OffersPasskey)
        {
            return NoSuchPage();
        }

        Remember = answer.Remember;
        switch (await passkeys.ProveAsync(HttpContext, PasskeyPurpose.SignInAt(_place), answer, expected: null))
        {
            case PasskeyEntry.Proved(var account):
                return SeeOther(await desk.ProvedAsync(HttpContext, account, Proof.Passkey, _place, answer.Remember));
            case PasskeyEntry.TooMany(var retryAfter):
                Notice = "SignIn.PasskeyTooMany";
                return ComeBackAfter(retryAfter);
            default:
                Notice = "SignIn.PasskeyRefused";
                return Mend();
        }
    }

    /// <summary>Only a path of our own; anything else leads to the account page.</summary>
    private string ReturnUrl => OwnAddress(_place.ReturnUrl);

    private bool MissesLevelOnly(Session session) => _place.Flow is { } request
        ? policy.MissesLevelOnly(request.Request, session, request.Pending)
        : !_place.Demand.IsMetBy(session.Acr);

    private bool TryEnter(string? flow, string? returnUrl, int level, bool fresh = false)
    {
        if (places.Open(HttpContext, flow, returnUrl, level) is not { } place)
        {
            return false;
        }

        (_place, _fresh) = (place, fresh);
        Tile = place.Client is { } client ? ClientTile.Of(client, settings.Issuer) : null;
        if (settings.OffersRegistration && OffersPassword)
        {
            RegisterAddress = place.Flow is { } request
                ? flows.AddressOf(EndpointPaths.Register, request.Pending)
                : RegisterPage.AddressBefore(returnUrl);
        }

        if (OffersPasskey)
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
