namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>Recovery codes, as hashes. Each verb is one durable transaction.</summary>
public interface IRecoveryCodeStore
{
    /// <summary>How many can still be used. One read.</summary>
    Task<int> CountAsync(string accountId, CancellationToken cancellationToken);

    /// <summary>Puts new ones in the place of all that were there. An account that is gone gets none.</summary>
    Task ReplaceAsync(
        string accountId, IReadOnlyCollection<ReadOnlyMemory<byte>> hashes, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Uses one up: false when there is none of this hash or it was used. At most one caller in the cluster is told true.</summary>
    Task<bool> TryUseAsync(string accountId, ReadOnlyMemory<byte> hash, DateTimeOffset now, CancellationToken cancellationToken);
}
