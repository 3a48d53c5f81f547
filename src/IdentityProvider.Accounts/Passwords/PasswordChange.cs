using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.Recovery;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Audit;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.Passwords;

/// <summary>
/// Replaces a person's password; the old one is the proof that it is that person. With it end every session and every grant, half sign-ins and the
/// trust in browsers: whoever else got in is out.
/// </summary>
public sealed class PasswordChange(
    UserManager<Account> users,
    PasswordSignIn signIn,
    NewPasswords rules,
    PasswordHashingQueue hashing,
    IAccountRecoveryStore store,
    ChangeRecords records)
{
    /// <param name="accountId">Who is signed in.</param>
    /// <param name="current">The password as it was; wrong ones count like wrong sign-ins.</param>
    /// <param name="fresh">As typed.</param>
    /// <param name="remoteAddress">For the audit trail.</param>
    /// <param name="cancellationToken">Gives up while waiting for a worker.</param>
    /// <param name="isKnownDevice">Whether the account has signed in in this browser before; null where no browser asks.</param>
    public async Task<PasswordChangeOutcome> ChangeAsync(
        string accountId,
        string current,
        string fresh,
        string? remoteAddress,
        CancellationToken cancellationToken,
        Func<Account, Task<bool>>? isKnownDevice = null)
    {
        if (await users.FindByIdAsync(accountId) is not { } account)
        {
            return new PasswordChangeOutcome.CurrentIsWrong();
        }

        if (await rules.FindProblemAsync(fresh, [account.UserName, account.Email], cancellationToken) is { } problem)
        {
            return new PasswordChangeOutcome.Refused(problem);
        }

        switch (await signIn.SignInAsync(account.UserName!, current, remoteAddress, cancellationToken, isKnownDevice))
        {
            case SignInOutcome.Busy:
                return new PasswordChangeOutcome.Busy();
            case SignInOutcome.TooMany(var pause):
                return new PasswordChangeOutcome.TooMany(pause);
            case SignInOutcome.SignedIn(var proved) when string.Equals(proved.Id, account.Id, StringComparison.Ordinal):
                break;
            default:
                return new PasswordChangeOutcome.CurrentIsWrong();
        }

        if (await hashing.HashAsync(account, fresh, cancellationToken) is not { } hash)
        {
            return new PasswordChangeOutcome.Busy();
        }

        // False when somebody changed the account at the same moment: the person tries again with what is true now.
        var stamp = Account.NewStamp();
        var record = records.Tell(AuditEventTypes.PasswordChanged, AccountMailKind.PasswordChanged, account, remoteAddress);
        return await store.TrySetPasswordAsync(account, hash, stamp, provesEmail: false, record, cancellationToken)
            ? new PasswordChangeOutcome.Changed(stamp)
            : new PasswordChangeOutcome.Busy();
    }
}

/// <summary>What came of changing a password.</summary>
public abstract record PasswordChangeOutcome
{
    private PasswordChangeOutcome()
    {
    }

    /// <param name="Stamp">The account's security stamp from now on.</param>
    public sealed record Changed(string Stamp) : PasswordChangeOutcome;

    public sealed record CurrentIsWrong : PasswordChangeOutcome;

    /// <summary>A limit is reached; nothing was checked.</summary>
    public sealed record TooMany(TimeSpan RetryAfter) : PasswordChangeOutcome;

    public sealed record Refused(PasswordProblem Problem) : PasswordChangeOutcome;

    /// <summary>Too much at once; the person tries again.</summary>
    public sealed record Busy : PasswordChangeOutcome;
}
