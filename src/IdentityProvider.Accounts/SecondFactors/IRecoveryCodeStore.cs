using IdentityProvider.Accounts.Changes;

namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>Recovery codes, as hashes. Each verb is one durable transaction.</summary>
public interface IRecoveryCodeStore
{
    /// <summary>How many can still be used. One read.</summary>
    Task<int> CountAsync(string accountId, CancellationToken cancellationToken);

    /// <summary>
    /// Puts new ones in the place of all that were there. False, and nothing is written, when the account has got another stamp since it was read, or
    /// is disabled or gone: of callers at the same time one is told true.
    /// </summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="hashes">Of the new ones.</param>
    /// <param name="stamp">The account's security stamp, as read and from now on.</param>
    /// <param name="record">Written with it, with the time.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    Task<bool> TryReplaceAsync(
        string accountId,
        IReadOnlyCollection<ReadOnlyMemory<byte>> hashes,
        StampRenewal stamp,
        ChangeRecord record,
        CancellationToken cancellationToken);

    /// <summary>
    /// Uses one up, and writes the record: false when there is none of this hash or it was used. At most one caller in the cluster is told true.
    /// </summary>
    Task<bool> TryUseAsync(string accountId, ReadOnlyMemory<byte> hash, ChangeRecord record, CancellationToken cancellationToken);
}
