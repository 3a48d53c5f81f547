using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Audit;

namespace IdentityProvider.Accounts.Recovery;

/// <summary>Lets the owner of an account whose password others guess sign in again before the pause is over.</summary>
public sealed class PauseEnd(AccountLinkDoor door, IAccountRecoveryStore store, IAuditTrail audit, TimeProvider clock)
{
    public async Task<bool> IsOpenAsync(string? token) => await door.FindAsync(token, AccountLinkPurpose.EndPause) is not null;

    /// <summary>False when the link does not work, any more or at all.</summary>
    public async Task<bool> TryEndAsync(string? token, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (await door.FindAsync(token, AccountLinkPurpose.EndPause) is not { Account: var account }
            || !await store.TryEndPauseAsync(account, cancellationToken))
        {
            return false;
        }

        var entry = new AuditEvent
        {
            Type = AuditEventTypes.PauseEnded,
            At = clock.GetUtcNow(),
            Subject = account.Id,
            RemoteAddress = remoteAddress,
        };
        await audit.AppendAsync(entry, cancellationToken);
        return true;
    }
}
