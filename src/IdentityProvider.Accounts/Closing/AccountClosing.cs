using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Audit;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.Closing;

/// <summary>Ends an account because its person wants it: for good, or until an operator opens it again.</summary>
public sealed class AccountClosing(UserManager<Account> users, IAccountStateStore states, IAccountMail mail, IAuditTrail audit, TimeProvider clock)
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

        var farewell = FindOrder(AccountMailKind.AccountDeleted, account, language) is { } order ? mail.Write(order) : null;
        return await states.TryDeleteAsync(accountId, farewell, clock.GetUtcNow(), cancellationToken);
    }

    /// <summary>Disables it: all sessions and grants end. False when it is gone or disabled already.</summary>
    /// <param name="accountId">Whose proof is fresh.</param>
    /// <param name="language">Of the mail, a tag.</param>
    /// <param name="remoteAddress">For the audit trail.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<bool> TryDisableAsync(string accountId, string language, string? remoteAddress, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (await users.FindByIdAsync(accountId) is not { } account || !await states.TryDisableAsync(accountId, now, cancellationToken))
        {
            return false;
        }

        var entry = new AuditEvent
        {
            Type = AuditEventTypes.AccountDisabled,
            At = now,
            Subject = accountId,
            RemoteAddress = remoteAddress,
            Detail = "by its person",
        };
        await Task.WhenAll(
            audit.AppendAsync(entry, cancellationToken),
            FindOrder(AccountMailKind.AccountDisabled, account, language) is { } order ? mail.QueueAsync(order, cancellationToken) : Task.CompletedTask);
        return true;
    }

    /// <summary>Without the id of the account, which is not looked for any more; null where there is no address.</summary>
    private static MailOrder? FindOrder(AccountMailKind kind, Account account, string language) =>
        string.IsNullOrEmpty(account.Email) ? null : new MailOrder(kind) { Address = account.Email, Language = language };
}
