using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Sessions;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Server.Passkeys;

/// <summary>
/// Whose proof is fresh and high enough for a new key to the account: of both factors where the account has an app, for a passkey would stand for
/// both from then on.
/// </summary>
internal sealed class PasskeyGuard(
    PasskeyAvailability availability, BrowserSession sessions, FreshSignIn fresh, EnrolledFactors factors, UserManager<Account> users)
{
    /// <summary>Whether passkeys are in use here at all.</summary>
    public bool IsOpen => availability.IsOpen;

    /// <summary>
    /// Also that the session stood after the account was read, which this request reads once: a passkey that is added to the account as it was read is
    /// refused after a reset of the password, which ends all sessions.
    /// </summary>
    public async Task<bool> IsFreshAsync(Session session, CancellationToken cancellationToken) =>
        fresh.IsFresh(session, await LevelOfAsync(session, cancellationToken)) && await sessions.StandsAsync(session, cancellationToken);

    /// <summary>The sign-in page that leads back to <paramref name="path"/>, as a path under the application's root.</summary>
    public async Task<string> AddressForAsync(Session session, string path, CancellationToken cancellationToken) =>
        FreshSignIn.AddressFor(path, await LevelOfAsync(session, cancellationToken));

    private async Task<int> LevelOfAsync(Session session, CancellationToken cancellationToken)
    {
        var account = await users.FindByIdAsync(session.Subject);
        var methods = account is null ? [] : await factors.ListAsync(account, cancellationToken);
        return AcrValues.LevelOf(methods.Any(method => method is not SignInMethods.Passkey) ? AcrValues.TwoFactors : AcrValues.OneFactor);
    }
}
