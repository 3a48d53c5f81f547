using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.SignUp;
using IdentityProvider.Protocol.Audit;

namespace IdentityProvider.Accounts.Recovery;

/// <summary>Takes the proof that an address is read by the account's owner: of the present address, or of one that replaces it.</summary>
public sealed class EmailConfirmation(
    AccountLinkDoor door,
    EmailRequirement requirement,
    IAccountRecoveryStore store,
    ChangeRecords records)
{
    /// <summary>What the link proves; null when it does not work.</summary>
    public async Task<ConfirmationLink?> FindAsync(string? token) =>
        await OpenAsync(token) is ({ Email: { } email } link, var account) ? new ConfirmationLink(email, account, AsksPassword(link, account)) : null;

    /// <summary>False when the link does not work, any more or at all, or when the password was not proved where it is asked for.</summary>
    /// <param name="token">Of the link.</param>
    /// <param name="provedAccountId">Whose password was given just now; null for nobody's.</param>
    /// <param name="remoteAddress">For the audit trail.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<bool> TryConfirmAsync(string? token, string? provedAccountId, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (await OpenAsync(token) is not ({ Email: { } email } link, var account)
            || (AsksPassword(link, account) && !string.Equals(provedAccountId, account.Id, StringComparison.Ordinal)))
        {
            return false;
        }

        return link.Purpose == AccountLinkPurpose.ChangeEmail
            ? await store.TryChangeEmailAsync(
                account, email, door.Normalize(email), records.TellEmailChanged(account, email, remoteAddress), cancellationToken)
            : await store.TryConfirmEmailAsync(
                account, records.Note(AuditEventTypes.EmailConfirmed, account.Id, remoteAddress), cancellationToken);
    }

    /// <summary>
    /// Before the first sign-in: a stranger may have registered with somebody else's address and a password of their own, and the owner, who opens
    /// the link, would hand them an account in their name. Only who knows the password confirms; the owner chooses another by "forgot".
    /// </summary>
    private bool AsksPassword(AccountLink link, Account account) =>
        link.Purpose == AccountLinkPurpose.ConfirmEmail && requirement.IsOn && account is { PasswordHash.Length: > 0 };

    private Task<OpenLink?> OpenAsync(string? token) => door.FindAsync(token, AccountLinkPurpose.ConfirmEmail, AccountLinkPurpose.ChangeEmail);
}

/// <summary>A link that proves an address.</summary>
/// <param name="Email">The address.</param>
/// <param name="Account">Whose it is or becomes.</param>
/// <param name="AsksPassword">Whether the account's password has to be given as well.</param>
public sealed record ConfirmationLink(string Email, Account Account, bool AsksPassword);
