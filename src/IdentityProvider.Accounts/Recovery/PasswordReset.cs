using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.Passwords;
using IdentityProvider.Protocol.Audit;

namespace IdentityProvider.Accounts.Recovery;

/// <summary>
/// A new password for who forgot theirs (OWASP Forgot Password). The link works once; with it end the pause, every session and every grant.
/// It proves an address and no more: nobody is signed in by it, and a second factor is asked for as ever.
/// </summary>
public sealed class PasswordReset(
    AccountLinkDoor door,
    NewPasswords rules,
    PasswordHashingQueue hashing,
    IAccountRecoveryStore store,
    ChangeRecords records)
{
    /// <summary>Whose password it would set; null when the link does not work.</summary>
    public async Task<Account?> FindAsync(string? token) => (await door.FindAsync(token, AccountLinkPurpose.ResetPassword))?.Account;

    /// <param name="token">Of the link.</param>
    /// <param name="password">As typed.</param>
    /// <param name="remoteAddress">For the audit trail.</param>
    /// <param name="cancellationToken">Gives up while waiting for a worker.</param>
    public async Task<PasswordResetOutcome> ResetAsync(string? token, string password, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (await FindAsync(token) is not { } account)
        {
            return new PasswordResetOutcome.DeadLink();
        }

        if (await rules.FindProblemAsync(password, [account.UserName, account.Email], cancellationToken) is { } problem)
        {
            return new PasswordResetOutcome.Refused(problem);
        }

        if (await hashing.HashAsync(account, password, cancellationToken) is not { } hash)
        {
            return new PasswordResetOutcome.Busy();
        }

        var record = records.Tell(AuditEventTypes.PasswordReset, AccountMailKind.PasswordChanged, account, remoteAddress);
        return await store.TrySetPasswordAsync(account, hash, Account.NewStamp(), provesEmail: true, record, cancellationToken)
            ? new PasswordResetOutcome.Done()
            : new PasswordResetOutcome.DeadLink();
    }
}

/// <summary>What came of it.</summary>
public abstract record PasswordResetOutcome
{
    private PasswordResetOutcome()
    {
    }

    public sealed record Done : PasswordResetOutcome;

    /// <summary>Forged, too old, used, or the account has changed since: one answer for all.</summary>
    public sealed record DeadLink : PasswordResetOutcome;

    public sealed record Refused(PasswordProblem Problem) : PasswordResetOutcome;

    public sealed record Busy : PasswordResetOutcome;
}
