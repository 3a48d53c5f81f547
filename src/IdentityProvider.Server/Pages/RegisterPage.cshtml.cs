using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Accounts.SignUp;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Resources;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Creates an account (<c>prompt=create</c>, or the link on the sign-in page). Its person is signed in at once, or asked to look into the mailbox:
/// then the page says the same whether the address is taken.
/// </summary>
internal sealed class RegisterPage(
    AccountSignUp signUp,
    SignInDesk desk,
    SignInPlaces places,
    PageFlows flows,
    IStringLocalizer<PageTexts> texts,
    SignInPageSettings settings) : HostedPage
{
    public ClientTile? Tile { get; private set; }

    public bool IsOpen => settings.OffersRegistration;

    public bool IsByInvitation => settings.RegistersByInvitation;

    /// <summary>What came of it is on its way to the address.</summary>
    public bool IsSent { get; private set; }

    public string? Name { get; private set; }

    public string? Email { get; private set; }

    /// <summary>Key of the text above the form.</summary>
    public string? Notice { get; private set; }

    public string? NameProblem { get; private set; }

    public string? EmailProblem { get; private set; }

    public string? PasswordProblem { get; private set; }

    public string SignInAddress { get; private set; } = string.Empty;

    /// <summary>Where who has confirmed the address goes on, and who has not is asked to sign in.</summary>
    public string GoOnAddress { get; private set; } = string.Empty;

    /// <summary>The first field that needs mending has the focus, or the first of all.</summary>
    public bool FocusOn(string field)
    {
        var first = NameProblem is not null ? "name" : EmailProblem is not null ? "email" : PasswordProblem is not null ? "password" : "name";
        return string.Equals(field, first, StringComparison.Ordinal);
    }

    /// <summary>The address of this page for who comes without a flow.</summary>
    /// <param name="returnUrl">A path of ours to go on to afterwards, or null.</param>
    public static string AddressBefore(string? returnUrl) => "~" + EndpointPaths.Register + ReturnQuery(returnUrl);

    public IActionResult OnGet(string? flow, string? returnUrl) => Enter(flow, returnUrl) is not null ? Page() : flows.StartAgain(HttpContext);

    public async Task<IActionResult> OnPostAsync(string? flow, string? returnUrl, string? name, string? email, string? password)
    {
        if (Enter(flow, returnUrl) is not { } place)
        {
            return flows.StartAgain(HttpContext);
        }

        if (!IsOpen || !place.Takes(SignInMethods.Password))
        {
            return NoSuchPage();
        }

        (Name, Email) = (name, email);
        switch (await signUp.SignUpAsync(
            name ?? string.Empty, email ?? string.Empty, password ?? string.Empty, RemoteAddress, HttpContext.RequestAborted))
        {
            case SignUpOutcome.Created(var account):
                return SeeOther(await desk.ProvedAsync(HttpContext, account, Proof.Password, place, remember: false));
            case SignUpOutcome.AnsweredByMail:
                (IsSent, Email) = (true, Email?.Trim());
                return Page();
            case SignUpOutcome.Refused(var problems):
                Explain(problems);
                return Mend();
            case SignUpOutcome.TooMany(var pause):
                Notice = "Limit.Registration";
                return ComeBackAfter(pause);
            default:
                Notice = "Register.Busy";
                return ComeBack();
        }
    }

    private void Explain(SignUpProblems problems)
    {
        NameProblem = problems.NameIsBad ? texts["Register.NameBad", SignUpDrafts.MaxNameLength].Value : null;
        EmailProblem = problems.Email switch
        {
            null => null,
            Accounts.SignUp.EmailProblem.Taken => texts["Register.EmailTaken"].Value,
            _ => texts["Register.EmailMalformed"].Value,
        };
        PasswordProblem = problems.Password is { } problem ? PasswordTexts.Of(problem, texts) : null;
    }

    private static string ReturnQuery(string? returnUrl) =>
        returnUrl is null ? string.Empty : $"?{PageParameters.ReturnUrl}={Uri.EscapeDataString(returnUrl)}";

    private SignInPlace? Enter(string? flow, string? returnUrl)
    {
        SignInAddress = "~" + EndpointPaths.SignIn + ReturnQuery(returnUrl);
        GoOnAddress = SignInAddress;
        var place = places.Open(HttpContext, flow, returnUrl);
        if (place?.Flow is { } request)
        {
            Tile = ClientTile.Of(request.Client, settings.Issuer);
            var answered = request.Pending with { RegistrationAnswered = true };
            (SignInAddress, GoOnAddress) = (flows.AddressOf(EndpointPaths.SignIn, answered), flows.ReturnAddress(answered));
        }

        return place;
    }
}
