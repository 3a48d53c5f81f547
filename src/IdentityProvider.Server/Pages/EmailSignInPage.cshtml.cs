using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Resources;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>Sends a mail to sign in with. Whatever name is typed, the next page is the same.</summary>
internal sealed class EmailSignInPage(
    EmailSignInMail mail,
    EmailMethods methods,
    SignInPlaces places,
    PageFlows flows,
    SignInPageSettings settings,
    IStringLocalizer<PageTexts> texts) : HostedPage
{
    private SignInPlace _place = null!;

    /// <summary>Who asks; null when the person came by themselves.</summary>
    public ClientTile? Tile { get; private set; }

    public string? UserName { get; private set; }

    public string? UserNameProblem { get; private set; }

    public bool Remember { get; private set; }

    public bool OffersRemember => settings.OffersRemember;

    /// <summary>Whether the mail has a link beside the code.</summary>
    public bool HasLink => methods.Of(_place) is SignInMethods.EmailLink;

    /// <summary>Key of the text above the form.</summary>
    public string? Notice { get; private set; }

    /// <summary>Null where nothing else is taken.</summary>
    public string? OtherAddress =>
        Array.Exists([SignInMethods.Password, SignInMethods.Passkey], method => settings.Offers(method) && _place.Takes(method))
            ? _place.AddressOf(EndpointPaths.SignIn)
            : null;

    public IActionResult OnGet(string? flow, string? returnUrl, int level)
    {
        if (Enter(flow, returnUrl, level) is { } elsewhere)
        {
            return elsewhere;
        }

        UserName = _place.Flow?.Pending[ParameterNames.LoginHint] is { Length: <= AccountFinder.MaxLength } hint ? hint : null;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(SignInForm form, string? flow, string? returnUrl, int level)
    {
        if (Enter(flow, returnUrl, level) is { } elsewhere)
        {
            return elsewhere;
        }

        if (_place.Flow is { } request && string.Equals(form.Decision, "deny", StringComparison.Ordinal))
        {
            return SeeOther(flows.ReturnAddress(request.Pending with { Denied = true }));
        }

        (UserName, Remember) = (form.UserName, form.Remember);
        if (string.IsNullOrWhiteSpace(form.UserName) || form.UserName.Length > AccountFinder.MaxLength)
        {
            UserNameProblem = texts["SignIn.UserNameMissing"];
            return Mend();
        }

        if (await mail.SendAsync(HttpContext, _place, form.UserName, form.Remember) is { } pause)
        {
            Notice = "Limit.Mail";
            return ComeBackAfter(pause);
        }

        return SeeOther(_place.AddressOf(EndpointPaths.EmailCode));
    }

    private IActionResult? Enter(string? flow, string? returnUrl, int level)
    {
        if (places.Open(HttpContext, flow, returnUrl, level) is not { } place)
        {
            return flows.StartAgain(HttpContext);
        }

        _place = place;
        Tile = place.Client is { } client ? ClientTile.Of(client, settings.Issuer) : null;
        return methods.Of(place) is null ? NoSuchPage() : null;
    }
}
