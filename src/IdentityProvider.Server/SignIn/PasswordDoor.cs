using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SignIn;

namespace IdentityProvider.Server.SignIn;

/// <summary>
/// Takes passwords from browsers. One that the account knows has attempts of its own and passes while the account pauses, wherever a password is asked
/// for: a stranger who guesses keeps nobody from signing in there, and from changing the password least of all.
/// </summary>
internal sealed class PasswordDoor(PasswordSignIn passwords, KnownDevices devices)
{
    /// <param name="context">The request.</param>
    /// <param name="name">User name or mail address, as typed.</param>
    /// <param name="password">As typed.</param>
    public Task<SignInOutcome> ProveAsync(HttpContext context, string name, string password) => passwords.SignInAsync(
        name, password, context.Connection.RemoteIpAddress?.ToString(), context.RequestAborted, account => IsKnownAsync(context, account));

    /// <summary>Whether the account has signed in in this browser before.</summary>
    public Task<bool> IsKnownAsync(HttpContext context, Account account) => devices.IsKnownAsync(context, account, context.RequestAborted);
}
