using IdentityProvider.Accounts.Changes;

namespace IdentityProvider.Accounts.Recovery;

/// <summary>
/// What mailed links do, and the change of a password. Each verb is one durable transaction that holds only while the account is as it was read, and
/// changes that: of any number of callers with the same link one is told true. The record is written with it.
/// </summary>
public interface IAccountRecoveryStore
{
    /// <summary>Sets the password, ends the pause, all sessions and all grants.</summary>
    /// <param name="account">As it was read.</param>
    /// <param name="passwordHash">The new one.</param>
    /// <param name="stamp">The account's security stamp from now on.</param>
    /// <param name="provesEmail">Whether it is set by a link that came to the account's address.</param>
    /// <param name="record">With the time.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    Task<bool> TrySetPasswordAsync(
        Account account, string passwordHash, string stamp, bool provesEmail, ChangeRecord record, CancellationToken cancellationToken);

    /// <summary>Marks the address as proved.</summary>
    Task<bool> TryConfirmEmailAsync(Account account, ChangeRecord record, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the address by one that is proved, and the user name with it where that was the address. False too when somebody else has it.
    /// </summary>
    /// <param name="account">As it was read.</param>
    /// <param name="email">The new one.</param>
    /// <param name="normalizedEmail">As Identity normalises it.</param>
    /// <param name="record">With the time.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    Task<bool> TryChangeEmailAsync(Account account, string email, string normalizedEmail, ChangeRecord record, CancellationToken cancellationToken);

    /// <summary>Ends a pause after wrong passwords.</summary>
    Task<bool> TryEndPauseAsync(Account account, ChangeRecord record, CancellationToken cancellationToken);
}
