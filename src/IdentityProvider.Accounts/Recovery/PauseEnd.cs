using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Audit;

namespace IdentityProvider.Accounts.Recovery;

/// <summary>Lets the owner of an account whose password others guess sign in again before the pause is over.</summary>
public sealed class PauseEnd(AccountLinkDoor door, IAccountRecoveryStore store, ChangeRecords records)
{
    public async Task<bool> IsOpenAsync(string? token) => await door.FindAsync(token, AccountLinkPurpose.EndPause) is not null;

    /// <summary>False when the link does not work, any more or at all.</summary>
    public async Task<bool> TryEndAsync(string? token, string? remoteAddress, CancellationToken cancellationToken) =>
        await door.FindAsync(token, AccountLinkPurpose.EndPause) is { Account: var account }
        && await store.TryEndPauseAsync(account, records.Note(AuditEventTypes.PauseEnded, account.Id, remoteAddress), cancellationToken);
}
