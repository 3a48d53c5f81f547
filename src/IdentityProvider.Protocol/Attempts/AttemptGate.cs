namespace IdentityProvider.Protocol.Attempts;

/// <summary>
/// Counts an attempt against several limits before anything is looked at, so that attempts at the same time are all counted. In order: who
/// has no attempt left at the first takes none away at the next.
/// </summary>
public sealed class AttemptGate(IAttemptStore attempts, TimeProvider clock)
{
    /// <summary>Counts one attempt at each; stops at the first that is used up. One statement each.</summary>
    public async Task<Attempt> TryEnterAsync(IEnumerable<(AttemptLimit Limit, string Value)> counters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(counters);
        var now = clock.GetUtcNow();
        var taken = new List<ReadOnlyMemory<byte>>();
        foreach (var (limit, value) in counters)
        {
            var key = limit.KeyOf(value, now);
            if (!await attempts.TryCountAsync(key, limit.Most, limit.EndOf(now), cancellationToken))
            {
                // What was counted at the others before stays counted: it was an attempt.
                return new Attempt(limit, limit.EndOf(now) - now, taken);
            }

            taken.Add(key);
        }

        return new Attempt(Refusal: null, TimeSpan.Zero, taken);
    }

    /// <summary>It was no guess after all.</summary>
    public Task TakeBackAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        return attempts.TakeBackAsync(attempt.Counted, cancellationToken);
    }
}

/// <summary>An attempt that was counted.</summary>
/// <param name="Refusal">The limit that is used up; null when it may go on.</param>
/// <param name="RetryAfter">When that limit begins anew.</param>
/// <param name="Counted">Counters that it was added to.</param>
public sealed record Attempt(AttemptLimit? Refusal, TimeSpan RetryAfter, IReadOnlyCollection<ReadOnlyMemory<byte>> Counted);
