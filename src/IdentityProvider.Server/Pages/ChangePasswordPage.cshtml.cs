using IdentityProvider.Accounts.Passwords;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Resources;
using IdentityProvider.Server.Sessions;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>Changes a person's password. Every session and grant ends with the old one, and this browser gets a new session.</summary>
internal sealed class ChangePasswordPage(
    PasswordChange passwords, PasswordDoor door, BrowserSession browser, SignInDesk desk, People people, IStringLocalizer<PageTexts> texts) : HostedPage
{
    public Person Person { get; private set; } = null!;

    /// <summary>Key of the text above the form.</summary>
    public string? Notice { get; private set; }

    public string? CurrentProblem { get; private set; }

    public string? FreshProblem { get; private set; }

    public async Task<IActionResult> OnGetAsync() => await EnterAsync() is null ? SignIn() : Page();

    public async Task<IActionResult> OnPostAsync(string? current, string? password)
    {
        if (await EnterAsync() is not { } session)
        {
            return SignIn();
        }

        switch (await passwords.ChangeAsync(
            session.Subject,
            current ?? string.Empty,
            password ?? string.Empty,
            RemoteAddress,
            HttpContext.RequestAborted,
            account => door.IsKnownAsync(HttpContext, account)))
        {
            case PasswordChangeOutcome.Changed(var stamp):
                // If that did not hold until here, the account page asks for the password.
                await desk.RenewAsync(HttpContext, session, stamp);
                return SeeOther($"~{EndpointPaths.Account}?{PageParameters.Done}=password");
            case PasswordChangeOutcome.CurrentIsWrong:
                CurrentProblem = texts["ChangePassword.CurrentWrong"];
                return Mend();
            case PasswordChangeOutcome.Refused(var problem):
                FreshProblem = PasswordTexts.Of(problem, texts);
                return Mend();
            case PasswordChangeOutcome.TooMany(var pause):
                Notice = "Limit.Password";
                return ComeBackAfter(pause);
            default:
                Notice = "ChangePassword.Busy";
                return ComeBack();
        }
    }

    private async Task<Session?> EnterAsync()
    {
        var session = await browser.ReadAsync(HttpContext, HttpContext.RequestAborted);
        if (session is not null)
        {
            Person = await people.GetAsync(session.Subject, HttpContext.RequestAborted);
        }

        return session;
    }

    private IActionResult SignIn() => SeeOther($"~{EndpointPaths.SignIn}?{PageParameters.ReturnUrl}={EndpointPaths.ChangePassword}");
}
