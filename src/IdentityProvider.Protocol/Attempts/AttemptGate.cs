namespace IdentityProvider.Protocol.Attempts;

/// <summary>
/// Counts an attempt against several limits before anything is looked at, so that attempts at the same time are all counted. In order: who
/// has no attempt left at the first takes none away at the next.
/// </summary>
public sealed class AttemptGate(IAttemptStore attempts, AttemptsInFlight inFlight, TimeProvider clock)
{
    /// <summary>Counts one attempt that stays counted; stops at the first that is used up. One statement each.</summary>
    public async Task<Attempt> TryEnterAsync(IEnumerable<(AttemptLimit Limit, string Value)> counters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(counters);
        var now = clock.GetUtcNow();
        foreach (var (limit, value) in counters)
        {
            if (await attempts.TryCountAsync(limit.CounterOf(value, now), cancellationToken) is null)
            {
                // What was counted at the others before stays counted: it was an attempt.
                return new Attempt(limit, limit.EndOf(now) - now);
            }
        }

        return new Attempt(Refusal: null, TimeSpan.Zero);
    }

    /// <summary>
    /// Counts one attempt that is taken back when it was no guess; the caller disposes it once that is known. Where a limit is used up by
    /// attempts of which this node still verifies some, it waits for one of them and counts again, so that people who are right at the same
    /// moment do not shut each other out. There are never more than <see cref="AttemptLimit.Most"/> in flight and wrong together.
    /// One statement for each limit, and one for each time it waited.
    /// </summary>
    public async Task<OpenAttempt> TryBeginAsync(IEnumerable<(AttemptLimit Limit, string Value)> counters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(counters);
        var now = clock.GetUtcNow();
        var attempt = new OpenAttempt(attempts, inFlight);
        try
        {
            foreach (var (limit, value) in counters)
            {
                var counter = limit.CounterOf(value, now);
                var counted = await inFlight.TryEnterAsync(
                    counter.Key, () => attempts.TryCountAsync(counter, cancellationToken), cancellationToken);
                if (counted is null)
                {
                    attempt.Refuse(limit, limit.EndOf(now) - now);
                    break;
                }

                attempt.Add(counted);
            }

            return attempt;
        }
        catch
        {
            attempt.Dispose();
            throw;
        }
    }
}

/// <summary>An attempt that was counted.</summary>
/// <param name="Refusal">The limit that is used up; null when it may go on.</param>
/// <param name="RetryAfter">When that limit begins anew.</param>
public sealed record Attempt(AttemptLimit? Refusal, TimeSpan RetryAfter);
