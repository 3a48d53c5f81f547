namespace IdentityProvider.Protocol.Attempts;

/// <summary>Counters of attempts, in the database: they hold over all nodes and over restarts. Each verb is one durable transaction.</summary>
public interface IAttemptStore
{
    /// <summary>
    /// Counts one attempt where fewer than <paramref name="most"/> are counted. False, and nothing is written, when there are that many:
    /// of callers at the same time no more than <paramref name="most"/> are told true. One statement.
    /// </summary>
    /// <param name="key">What is counted: <see cref="AttemptLimit.KeyOf"/>.</param>
    /// <param name="most">From 1.</param>
    /// <param name="expiresAt">When the counter may be forgotten.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    Task<bool> TryCountAsync(ReadOnlyMemory<byte> key, int most, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>Takes one attempt back from each counter that has one.</summary>
    Task TakeBackAsync(IReadOnlyCollection<ReadOnlyMemory<byte>> keys, CancellationToken cancellationToken);
}
