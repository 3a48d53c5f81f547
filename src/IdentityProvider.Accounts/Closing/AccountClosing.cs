using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Audit;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.Closing;

/// <summary>Ends an account because its person wants it: for good, or until an operator opens it again.</summary>
public sealed class AccountClosing(UserManager<Account> users, IAccountStateStore states, ChangeRecords records)
{
    /// <summary>Deletes it with all that belongs to it, and tells the address that was its own. False when it is gone already.</summary>
    /// <param name="accountId">Whose proof is fresh.</param>
    /// <param name="language">Of the mail, a tag: nothing else is left to tell it by.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<bool> TryDeleteAsync(string accountId, string language, CancellationToken cancellationToken)
    {
        if (await users.FindByIdAsync(accountId) is not { } account)
        {
            return false;
        }

        var record = records.TellClosed(AuditEventTypes.AccountDeleted, AccountMailKind.AccountDeleted, account, language, remoteAddress: null);
        return await states.TryDeleteAsync(accountId, record.Mails.SingleOrDefault(), record.Entry.At, cancellationToken);
    }

    /// <summary>Disables it: all sessions and grants end. False when it is gone or disabled already.</summary>
    /// <param name="accountId">Whose proof is fresh.</param>
    /// <param name="language">Of the mail, a tag.</param>
    /// <param name="remoteAddress">For the audit trail.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<bool> TryDisableAsync(string accountId, string language, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (await users.FindByIdAsync(accountId) is not { } account)
        {
            return false;
        }

        var record = records.TellClosed(AuditEventTypes.AccountDisabled, AccountMailKind.AccountDisabled, account, language, remoteAddress);
        return await states.TryDisableAsync(accountId, record, record.Entry.At, cancellationToken);
    }
}
