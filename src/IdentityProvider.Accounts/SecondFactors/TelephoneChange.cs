using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Sessions;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>
/// Sets up and takes away the telephone of an account. Every change gives the account a new security stamp, stands in the audit trail and is told by
/// mail.
/// </summary>
public sealed class TelephoneChange(
    UserManager<Account> users, TelephoneFactor telephone, SecondFactorRecord record, TimeProvider clock)
{
    /// <summary>The number, which its owner has proved, becomes a second factor and the confirmed number of the profile.</summary>
    public async Task SetAsync(Account account, string number, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        (account.PhoneNumber, account.PhoneNumberConfirmed, account.UpdatedAt) = (number, true, clock.GetUtcNow());
        await users.SetAuthenticationTokenAsync(account, TelephoneFactor.Provider, TelephoneFactor.Name, number);
        await ChangedAsync(account, AuditEventTypes.SecondFactorAdded, AccountMailKind.SecondFactorAdded, remoteAddress, cancellationToken);
    }

    /// <summary>False when there was none.</summary>
    public async Task<bool> TryRemoveAsync(Account account, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (await telephone.FindNumberAsync(account, cancellationToken) is null)
        {
            return false;
        }

        await users.RemoveAuthenticationTokenAsync(account, TelephoneFactor.Provider, TelephoneFactor.Name);
        await ChangedAsync(account, AuditEventTypes.SecondFactorRemoved, AccountMailKind.SecondFactorRemoved, remoteAddress, cancellationToken);
        return true;
    }

    private async Task ChangedAsync(
        Account account, string type, AccountMailKind kind, string? remoteAddress, CancellationToken cancellationToken)
    {
        await users.UpdateSecurityStampAsync(account);
        await record.NoteAsync(account, type, SignInMethods.SmsCode, remoteAddress, kind, cancellationToken);
    }
}
