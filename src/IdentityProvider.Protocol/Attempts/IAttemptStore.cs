namespace IdentityProvider.Protocol.Attempts;

/// <summary>
/// Counters of attempts: they hold over all nodes and over restarts. In the database, or in a cache before it, which may lose its counters once
/// or often: then at most <see cref="AttemptCounter.Most"/> more are let in before the window ends. What must happen once and never twice
/// is no counter of one, but <see cref="Clients.IUsedJtiStore"/>.
/// </summary>
public interface IAttemptStore
{
    /// <summary>
    /// Counts one attempt where fewer than <see cref="AttemptCounter.Most"/> are counted. Null, and nothing is written, when there are that many:
    /// of callers at the same time no more than that are let in.
    /// </summary>
    /// <param name="counter">What is counted.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    Task<CountedAttempt?> TryCountAsync(AttemptCounter counter, CancellationToken cancellationToken);

    /// <summary>Takes each attempt back where it was counted, as far as that counter has one.</summary>
    Task TakeBackAsync(IReadOnlyCollection<CountedAttempt> attempts, CancellationToken cancellationToken);
}
