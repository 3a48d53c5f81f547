using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Sessions;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Server.Pages;

/// <summary>Who is at a page that changes how an account is signed in to, and whether their proof is fresh and high enough for it.</summary>
internal sealed class AccountGuard(BrowserSession sessions, FreshSignIn freshness, EnrolledFactors factors, UserManager<Account> users)
{
    private static readonly int OneFactor = AcrValues.LevelOf(AcrValues.OneFactor);
    private static readonly int TwoFactors = AcrValues.LevelOf(AcrValues.TwoFactors);

    /// <summary>Null when nobody is signed in.</summary>
    public async Task<SignedInAccount?> FindAsync(HttpContext context) =>
        await sessions.ReadAsync(context, context.RequestAborted) is { } session
        && await users.FindByIdAsync(session.Subject) is { Disabled: false } account
            ? new SignedInAccount(session, account)
            : null;

    /// <summary>
    /// Null when nobody is signed in, or their proof is too old or does not reach the level. The session stood after the account was read: whoever
    /// changes the account only as it was read changes nothing after a reset of the password, which ends all sessions.
    /// </summary>
    public async Task<SignedInAccount?> FindFreshAsync(HttpContext context, int level) =>
        await FindAsync(context) is { } found
        && freshness.IsFresh(found.Session, level)
        && await sessions.StandsAsync(found.Session, context.RequestAborted)
            ? found
            : null;

    /// <summary>
    /// Who may set up a further factor of codes: none is found when nobody is signed in, or without a fresh proof of the level. The level is of both factors
    /// where the account has two, passkeys included: who knows the password alone, or sits at a browser that is trusted, must not make a factor of their own.
    /// </summary>
    public async Task<(SignedInAccount? Found, int Level)> FindForNewFactorAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } entered)
        {
            return (null, OneFactor);
        }

        var level = await LevelOfAsync(entered.Account, countsPasskeys: true, context.RequestAborted);
        return (await FindFreshAsync(context, level), level);
    }

    /// <summary>
    /// What a proof must reach: both factors where the account has two. A passkey is made for one device in passing and need not be at hand, so it
    /// counts only where that is asked for.
    /// </summary>
    public async Task<int> LevelOfAsync(Account account, bool countsPasskeys, CancellationToken cancellationToken) =>
        (await factors.ListAsync(account, cancellationToken)).Any(method => countsPasskeys || method is not SignInMethods.Passkey)
            ? TwoFactors
            : OneFactor;
}

/// <summary>Who is signed in.</summary>
internal sealed record SignedInAccount(Session Session, Account Account);
