using System.Collections.Frozen;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Profiles;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>What an account says about its person (OIDC Core §5.1); changes what the operator lets people change.</summary>
internal sealed class ProfilePage(BrowserSession browser, UserManager<Account> users, ProfileChange change, ProfileTexts texts)
    : AccountSection(browser, EndpointPaths.Profile, "profile")
{
    private static readonly FrozenDictionary<string, ProfileProblem> NoProblems = FrozenDictionary<string, ProfileProblem>.Empty;

    /// <summary>What cannot be changed here.</summary>
    public IReadOnlyList<ProfileFact> Facts { get; private set; } = [];

    public IReadOnlyList<Field> Fields { get; private set; } = [];

    /// <summary>Key of the text above the form.</summary>
    public string? Notice { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? done)
    {
        if (await EnterAsync(done) is not { } session || await users.FindByIdAsync(session.Subject) is not { } account)
        {
            return SignIn();
        }

        Show(account, ProfileClaims.Read(account.Claims), NoProblems);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await EnterAsync() is not { } session || await users.FindByIdAsync(session.Subject) is not { } account)
        {
            return SignIn();
        }

        var typed = change.Editable.SelectMany(ProfileClaims.FieldsOf)
            .ToDictionary(field => field, field => Request.Form[field].ToString(), StringComparer.Ordinal);
        switch (await change.ChangeAsync(account.Id, typed, RemoteAddress, HttpContext.RequestAborted))
        {
            case ProfileOutcome.Changed:
                return Finished("profile");
            case ProfileOutcome.Refused(var problems):
                Show(account, typed, problems);
                return Mend();
            default:
                Notice = "Profile.Overtaken";
                Show(account, typed, NoProblems);
                return Mend();
        }
    }

    private void Show(Account account, IReadOnlyDictionary<string, string> values, IReadOnlyDictionary<string, ProfileProblem> problems)
    {
        Facts = ProfileTexts.FactsOf(account, change.Editable);
        Fields = texts.FieldsOf(change.Editable, values, problems);
    }
}
