using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>
/// Sets up and takes away the telephone of an account. Every change gives the account a new security stamp, stands in the audit trail and is told by
/// mail.
/// </summary>
public sealed class TelephoneChange(ITelephoneStore telephones, ChangeRecords records)
{
    /// <summary>
    /// The number, which its owner has proved, becomes a second factor and the confirmed number of the profile. False when the account has changed
    /// since it was read, or is gone.
    /// </summary>
    public async Task<bool> TrySetAsync(Account account, string number, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        var stamp = StampRenewal.Of(account);
        var record = Tell(AuditEventTypes.SecondFactorAdded, AccountMailKind.SecondFactorAdded, account, remoteAddress);
        if (!await telephones.TrySetAsync(account.Id, number, stamp, record, cancellationToken))
        {
            return false;
        }

        account.SecurityStamp = stamp.Fresh;
        return true;
    }

    /// <summary>False when there was none, or the account has changed since it was read.</summary>
    public async Task<bool> TryRemoveAsync(Account account, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        var stamp = StampRenewal.Of(account);
        var record = Tell(AuditEventTypes.SecondFactorRemoved, AccountMailKind.SecondFactorRemoved, account, remoteAddress);
        if (!await telephones.TryRemoveAsync(account.Id, stamp, record, cancellationToken))
        {
            return false;
        }

        account.SecurityStamp = stamp.Fresh;
        return true;
    }

    private ChangeRecord Tell(string type, AccountMailKind kind, Account account, string? remoteAddress) =>
        records.Tell(type, kind, account, remoteAddress, SignInMethods.SmsCode, SignInMethods.SmsCode);
}
