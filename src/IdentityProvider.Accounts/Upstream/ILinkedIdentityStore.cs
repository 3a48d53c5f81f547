using IdentityProvider.Accounts.Changes;

namespace IdentityProvider.Accounts.Upstream;

/// <summary>Which identities elsewhere belong to which account. An identity belongs to one account at most; the database sees to it.</summary>
public interface ILinkedIdentityStore
{
    /// <summary>The account's id, or null. One read.</summary>
    Task<string?> FindAccountAsync(string providerId, string key, CancellationToken cancellationToken);

    /// <summary>All of an account, in the order of the providers' names. One read.</summary>
    Task<IReadOnlyList<LinkedIdentity>> ListAsync(string accountId, CancellationToken cancellationToken);

    /// <summary>
    /// Links it, and writes the record in the same transaction. False when it belongs to an account already, this one or another, or this one is gone,
    /// disabled or not as it was read.
    /// </summary>
    /// <param name="accountId">Whose it becomes.</param>
    /// <param name="stamp">The account's security stamp as it was read; empty where it has none.</param>
    /// <param name="identity">At the provider.</param>
    /// <param name="record">Written with it.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    Task<bool> TryAddAsync(string accountId, string stamp, LinkedIdentity identity, ChangeRecord record, CancellationToken cancellationToken);

    /// <summary>
    /// Unlinks it, unless it is the last way in. Of several at once for one account, each sees what the one before has left.
    /// </summary>
    /// <param name="accountId">Whose it is.</param>
    /// <param name="providerId">Of the provider.</param>
    /// <param name="key">Of the identity.</param>
    /// <param name="usable">With no other way to sign in, an identity of one of these providers must stay. Null: the account has another way.</param>
    /// <param name="record">Written in the same transaction by who unlinks it, and not by who comes too late.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Whether it is unlinked now.</returns>
    Task<bool> TryRemoveAsync(
        string accountId,
        string providerId,
        string key,
        IReadOnlyList<string>? usable,
        ChangeRecord record,
        CancellationToken cancellationToken);
}

/// <summary>An identity elsewhere.</summary>
/// <param name="ProviderId"><see cref="UpstreamProvider.Id"/>.</param>
/// <param name="Key"><see cref="UpstreamIdentity.Key"/>.</param>
/// <param name="Label">What its person tells it from others by; null when the provider told nothing.</param>
public sealed record LinkedIdentity(string ProviderId, string Key, string? Label);
