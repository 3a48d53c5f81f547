using IdentityProvider.Accounts.Passwords;
using IdentityProvider.Accounts.SignUp;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.SignIn;

/// <summary>
/// Sign-in by password. Whether the account exists, is disabled, pauses or has not proved its address, the work and the answer are the same; after
/// <see cref="AccountsOptions.FailuresBeforePause"/> failures in a row the account pauses.
/// </summary>
public sealed class PasswordSignIn(
    AccountFinder accounts,
    PasswordHashingQueue hashing,
    UserManager<Account> users,
    SignInFailures failures,
    AccountLimits limits,
    EmailRequirement requirement)
{
    /// <param name="name">User name or mail address, as typed.</param>
    /// <param name="password">As typed.</param>
    /// <param name="remoteAddress">For the audit trail.</param>
    /// <param name="cancellationToken">Gives up while waiting for a worker.</param>
    /// <param name="isKnownDevice">Whether the account has signed in in this browser before; null where no browser asks.</param>
    /// <param name="provesEmail">Whether whoever asks holds the link that was mailed to the account's address.</param>
    public async Task<SignInOutcome> SignInAsync(
        string name,
        string password,
        string? remoteAddress,
        CancellationToken cancellationToken,
        Func<Account, Task<bool>>? isKnownDevice = null,
        bool provesEmail = false)
    {
        ArgumentNullException.ThrowIfNull(password);
        if (password.Length > PasswordRules.MaxLength)
        {
            // No account has one: refused before it costs a hash. Says nothing about any account.
            return new SignInOutcome.Refused();
        }

        var account = await accounts.FindAsync(name);
        var isKnown = account is not null && isKnownDevice is not null && await isKnownDevice(account);
        using var attempt = await limits.TryPasswordAsync(accounts.KeyOf(account, name), remoteAddress, isKnown, cancellationToken);
        if (attempt.Refusal is not null)
        {
            return new SignInOutcome.TooMany(attempt.RetryAfter);
        }

        if (await hashing.VerifyAsync(account, password, cancellationToken) is not { } verified)
        {
            await attempt.TakeBackAsync(cancellationToken);
            return new SignInOutcome.Busy();
        }

        // Told, counted and timed as a wrong password: who registers an address to find out whether it is taken knows the password they chose.
        var isHeldBack = account is not null && !provesEmail && requirement.HoldsBack(account);
        var isRight = verified != PasswordVerificationResult.Failed && !isHeldBack;
        if (isRight)
        {
            await attempt.TakeBackAsync(cancellationToken);
        }

        // Who waits for the outcome need not wait for what follows too.
        attempt.Dispose();
        if (account is { Disabled: false } && isRight && !failures.IsPausingFor(account, isKnown))
        {
            await WelcomeAsync(account, password, verified, cancellationToken);
            return new SignInOutcome.SignedIn(account);
        }

        if (isRight && await limits.TryPolicyRefusalAsync(account!.Id, cancellationToken) is { Refusal: not null, RetryAfter: var pause })
        {
            return new SignInOutcome.TooMany(pause);
        }

        await failures.CountAsync(
            account, isRight, remoteAddress, isHeldBack ? "address not confirmed" : ReasonOf(account, isRight), cancellationToken);
        return new SignInOutcome.Refused();
    }

    private async Task WelcomeAsync(Account account, string password, PasswordVerificationResult verified, CancellationToken cancellationToken)
    {
        // An old kind of hash is replaced while the password is at hand; when the queue is full, next time. Before the count is set
        // back, for Identity saves the whole row as it was read.
        if (verified == PasswordVerificationResult.SuccessRehashNeeded
            && await hashing.HashAsync(account, password, cancellationToken) is { } hash)
        {
            account.PasswordHash = hash;
            await users.UpdateAsync(account);
        }

        await failures.EndAsync(account, cancellationToken);
    }

    private string ReasonOf(Account? account, bool isRight) => account switch
    {
        null => "no such account",
        { Disabled: true } => "disabled account",
        _ when failures.IsPausing(account) => isRight ? "pausing account, right password" : "pausing account",
        { PasswordHash: null or "" } => "account without a password",
        _ => "wrong password",
    };
}
