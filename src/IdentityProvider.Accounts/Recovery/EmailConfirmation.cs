using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Audit;

namespace IdentityProvider.Accounts.Recovery;

/// <summary>Takes the proof that an address is read by the account's owner: of the present address, or of one that replaces it.</summary>
public sealed class EmailConfirmation(
    AccountLinkDoor door, IAccountRecoveryStore store, SecurityNotices notices, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>The address that the link proves; null when the link does not work.</summary>
    public async Task<string?> FindAsync(string? token) => (await OpenAsync(token))?.Link.Email;

    /// <summary>False when the link does not work, any more or at all.</summary>
    public async Task<bool> TryConfirmAsync(string? token, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (await OpenAsync(token) is not ({ Email: { } email } link, var account))
        {
            return false;
        }

        var now = clock.GetUtcNow();
        var isChange = link.Purpose == AccountLinkPurpose.ChangeEmail;
        var old = account.Email;
        var done = isChange
            ? await store.TryChangeEmailAsync(account, email, door.Normalize(email), now, cancellationToken)
            : await store.TryConfirmEmailAsync(account, now, cancellationToken);
        if (!done)
        {
            return false;
        }

        var type = isChange ? AuditEventTypes.EmailChanged : AuditEventTypes.EmailConfirmed;
        await audit.AppendAsync(
            new AuditEvent { Type = type, At = now, Subject = account.Id, RemoteAddress = remoteAddress }, cancellationToken);
        if (isChange)
        {
            account.Email = email;
            await notices.TellEmailChangedAsync(account, old, cancellationToken);
        }

        return true;
    }

    private Task<OpenLink?> OpenAsync(string? token) => door.FindAsync(token, AccountLinkPurpose.ConfirmEmail, AccountLinkPurpose.ChangeEmail);
}
