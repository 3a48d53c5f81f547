using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Passkeys;

namespace IdentityProvider.Server.Pages;

/// <summary>The pages of the account that there are in this installation. Each of them shows all, and the overview says what they are for.</summary>
internal sealed class AccountNavigation(PasskeyAvailability passkeys, IAccountMail mail, UpstreamProviders providers)
{
    private const string Person = "person";
    private const string Security = "security";
    private const string Activity = "activity";

    /// <summary>In their order; those of one group stand together.</summary>
    public IReadOnlyList<AccountPlace> All { get; } =
    [
        new("overview", EndpointPaths.Account, Group: "overview"),
        new("profile", EndpointPaths.Profile, Person),
        .. When(mail.IsAvailable, new AccountPlace("email", EndpointPaths.ChangeEmail, Person)),
        new("password", EndpointPaths.ChangePassword, Security),
        .. When(passkeys.IsOpen, new AccountPlace("passkeys", EndpointPaths.Passkeys, Security)),
        new("second-factors", EndpointPaths.SecondFactors, Security),
        .. When(providers.All.Count > 0, new AccountPlace("linked", EndpointPaths.LinkedIdentities, Security)),
        new("sessions", EndpointPaths.Sessions, Activity),
        new("applications", EndpointPaths.Applications, Activity),
        new("history", EndpointPaths.History, Activity),
        new("data", EndpointPaths.AccountData, Activity),
    ];

    /// <summary>Where a path belongs: its own page, or the one that it is a step of.</summary>
    public AccountPlace PlaceOf(PathString path) =>
        All.Skip(1).FirstOrDefault(place => path.StartsWithSegments(place.Path, StringComparison.OrdinalIgnoreCase)) ?? All[0];

    private static AccountPlace[] When(bool isThere, AccountPlace place) => isThere ? [place] : [];
}

/// <summary>A page of the account.</summary>
/// <param name="Name">Of which its id and the keys of its texts are made.</param>
/// <param name="Path">Under the application's root.</param>
/// <param name="Group">Of which the key of the heading over its group is made.</param>
internal sealed record AccountPlace(string Name, string Path, string Group)
{
    /// <summary>For <c>aria-current</c>: a step of this page is not the page itself. Null when another page is shown.</summary>
    public string? CurrentFor(PathString path, AccountPlace shown) =>
        this != shown ? null : path.Equals(Path, StringComparison.OrdinalIgnoreCase) ? "page" : "true";
}
