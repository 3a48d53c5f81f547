using IdentityProvider.Accounts.SignUp;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Composition;
using IdentityProvider.Server.Resources;
using IdentityProvider.Server.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>Creates an account and signs its person in (<c>prompt=create</c>, or the link on the sign-in page).</summary>
internal sealed class RegisterPage(
    AccountSignUp signUp,
    BrowserSession sessions,
    PageFlows flows,
    IStringLocalizer<PageTexts> texts,
    SignInPageSettings settings,
    ILogger<RegisterPage> logger) : HostedPage
{
    public ClientTile? Tile { get; private set; }

    public bool IsOpen => settings.OffersRegistration;

    public string? Name { get; private set; }

    public string? Email { get; private set; }

    /// <summary>Key of the text above the form.</summary>
    public string? Notice { get; private set; }

    public string? NameProblem { get; private set; }

    public string? EmailProblem { get; private set; }

    public string? PasswordProblem { get; private set; }

    public string SignInAddress { get; private set; } = "~" + EndpointPaths.SignIn;

    /// <summary>The first field that needs mending has the focus, or the first of all.</summary>
    public bool FocusOn(string field)
    {
        var first = NameProblem is not null ? "name" : EmailProblem is not null ? "email" : PasswordProblem is not null ? "password" : "name";
        return string.Equals(field, first, StringComparison.Ordinal);
    }

    public IActionResult OnGet(string? flow) => TryEnter(flow, out _) ? Page() : StartAgain(logger);

    public async Task<IActionResult> OnPostAsync(string? flow, string? name, string? email, string? password)
    {
        if (!TryEnter(flow, out var request))
        {
            return StartAgain(logger);
        }

        if (!IsOpen)
        {
            return NoSuchPage();
        }

        (Name, Email) = (name, email);
        switch (await signUp.SignUpAsync(
            name ?? string.Empty, email ?? string.Empty, password ?? string.Empty, RemoteAddress, HttpContext.RequestAborted))
        {
            case SignUpOutcome.Created(var account):
                await sessions.SignInAsync(
                    HttpContext, account.Id, [AmrValues.Password], AcrValues.OneFactor, persistent: false, HttpContext.RequestAborted);
                return SeeOther(request is null ? "~" + EndpointPaths.Account : flows.ReturnAddress(request.Pending));
            case SignUpOutcome.Refused(var problems):
                Explain(problems);
                return Mend();
            default:
                Notice = "Register.Busy";
                return ComeBack();
        }
    }

    private void Explain(SignUpProblems problems)
    {
        NameProblem = problems.NameIsBad ? texts["Register.NameBad", AccountSignUp.MaxNameLength].Value : null;
        EmailProblem = problems.Email switch
        {
            null => null,
            Accounts.SignUp.EmailProblem.Taken => texts["Register.EmailTaken"].Value,
            _ => texts["Register.EmailMalformed"].Value,
        };
        PasswordProblem = problems.Password is { } problem ? PasswordTexts.Of(problem, texts) : null;
    }

    private bool TryEnter(string? flow, out PageFlow? request)
    {
        request = flow is null ? null : flows.Open(HttpContext, flow);
        if (flow is not null && request is null)
        {
            return false;
        }

        if (request is not null)
        {
            SecurityHeaders.ForPage(HttpContext, request.Destination);
            Tile = ClientTile.Of(request.Client, settings.Issuer);
            SignInAddress = flows.AddressOf(EndpointPaths.SignIn, request.Pending with { RegistrationAnswered = true });
        }

        return true;
    }
}
