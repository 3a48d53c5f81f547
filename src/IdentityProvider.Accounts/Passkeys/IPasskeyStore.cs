using IdentityProvider.Accounts.Changes;

namespace IdentityProvider.Accounts.Passkeys;

/// <summary>The passkeys of all accounts. Each verb is one durable transaction.</summary>
public interface IPasskeyStore
{
    /// <summary>The passkey of that credential id, whosever it is; null when there is none. One read.</summary>
    Task<Passkey?> FindAsync(ReadOnlyMemory<byte> credentialId, CancellationToken cancellationToken);

    /// <summary>The passkeys of an account, the oldest first. One read.</summary>
    Task<IReadOnlyList<Passkey>> ListAsync(string accountId, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a passkey. False, and nothing is written, when the credential id is known already, for any account (WebAuthn L3 §7.1 step 26), the
    /// account has <paramref name="most"/> or another stamp than <paramref name="stamp"/>, or is disabled or gone. Of callers at the same time as many
    /// are told true as there is room for.
    /// </summary>
    /// <param name="passkey">Whose and which.</param>
    /// <param name="stamp">The account's security stamp as it was read: a passkey must not outlive the reset of the password that came before it.</param>
    /// <param name="most">How many an account may have.</param>
    /// <param name="record">Written with it.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    Task<bool> TryAddAsync(Passkey passkey, string stamp, int most, ChangeRecord record, CancellationToken cancellationToken);

    /// <summary>
    /// Records a use: WebAuthn L3 §7.2 steps 22 and 24. The counter must be above the stored one, or both 0; the write decides, so that of
    /// callers at the same time with one counter above 0 one is told true. False too when the passkey was removed.
    /// </summary>
    Task<bool> TryUseAsync(Guid id, uint signCount, bool isBackedUp, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>False when the account has no such passkey.</summary>
    Task<bool> TryRenameAsync(string accountId, Guid id, string name, CancellationToken cancellationToken);

    /// <summary>
    /// False when the account has no such passkey, or had (of callers at the same time one is told true), or it is the last way in: the account has no
    /// other passkey and no password. The record is written with it. Of several at once for one account, each sees what the one before has left.
    /// </summary>
    Task<bool> TryRemoveAsync(string accountId, Guid id, ChangeRecord record, CancellationToken cancellationToken);
}
