namespace IdentityProvider.ResourceServer.Issuer;

/// <summary>
/// One document of the issuer, kept while fresh. Any number of callers cause at most one fetch at a time. In the last
/// quarter of its time it is renewed without making anyone wait; after that callers wait for the renewal. When a fetch
/// fails, the last good document stays, the next attempts are made after a pause, and nobody waits for those.
/// Ages are measured on the monotonic clock.
/// </summary>
internal sealed class CachedDocument<T>(
    Func<T?, CancellationToken, Task<Fetched<T>>> fetch, TimeProvider time, Action<Exception> failed)
    where T : class
{
    /// <summary>Pause after a failure. Short, because an API without keys answers nothing.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    /// <summary>How long after a failure callers are served the last good document without waiting for the next.</summary>
    private static readonly TimeSpan TroubleInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private State _state = new(null, TimeSpan.Zero, 0, null);
    private Task _refresh = Task.CompletedTask;
    private long? _demandedAt;

    /// <summary>
    /// The document and how long ago it stopped being fresh (zero while it is fresh);
    /// null when there never was one and the issuer does not answer.
    /// </summary>
    public async ValueTask<(T? Value, TimeSpan Overdue)> GetAsync(CancellationToken cancellationToken)
    {
        var state = Volatile.Read(ref _state);
        if (state.Value is not null)
        {
            var age = time.GetElapsedTime(state.FetchedAt);
            if (age < state.FreshFor)
            {
                if (age > state.FreshFor * 0.75 && !IsPausing(state))
                {
                    _ = StartRefresh();
                }

                return (state.Value, TimeSpan.Zero);
            }
        }

        if (!IsPausing(state))
        {
            var refresh = StartRefresh();
            if (state.Value is null || !IsInTrouble(state))
            {
                await refresh.WaitAsync(cancellationToken);
                state = Volatile.Read(ref _state);
            }
        }

        return (state.Value, Overdue(state));
    }

    /// <summary>
    /// Fetches now, although the document is still fresh, unless that was done within <paramref name="interval"/>.
    /// True when a fetch, this one or one under way, has ended.
    /// </summary>
    public async Task<bool> TryRefreshAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        Task refresh;
        lock (_gate)
        {
            if (_refresh.IsCompleted)
            {
                if (_demandedAt is { } last && time.GetElapsedTime(last) < interval)
                {
                    return false;
                }

                _demandedAt = time.GetTimestamp();
            }

            refresh = StartRefresh();
        }

        await refresh.WaitAsync(cancellationToken);
        return true;
    }

    private bool IsPausing(State state) => HasFailedWithin(state, RetryInterval);

    private bool IsInTrouble(State state) => HasFailedWithin(state, TroubleInterval);

    private bool HasFailedWithin(State state, TimeSpan interval) =>
        state.FailedAt is { } failedAt && time.GetElapsedTime(failedAt) < interval;

    private TimeSpan Overdue(State state)
    {
        var overdue = state.Value is null ? TimeSpan.Zero : time.GetElapsedTime(state.FetchedAt) - state.FreshFor;
        return overdue > TimeSpan.Zero ? overdue : TimeSpan.Zero;
    }

    private Task StartRefresh()
    {
        lock (_gate)
        {
            if (_refresh.IsCompleted)
            {
                // Not bound to the request that happens to be first: others wait for the same answer.
                _refresh = Task.Run(() => RefreshAsync(CancellationToken.None), CancellationToken.None);
            }

            return _refresh;
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var before = Volatile.Read(ref _state);
        try
        {
            var fetched = await fetch(before.Value, cancellationToken);
            Volatile.Write(ref _state, new State(fetched.Value, fetched.FreshFor, time.GetTimestamp(), null));
        }
        catch (Exception exception)
        {
            // One unit of background work: whatever went wrong, the last good document stays.
            Volatile.Write(ref _state, before with { FailedAt = time.GetTimestamp() });
            failed(exception);
        }
    }

    private sealed record State(T? Value, TimeSpan FreshFor, long FetchedAt, long? FailedAt);
}
