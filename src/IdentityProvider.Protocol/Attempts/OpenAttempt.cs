namespace IdentityProvider.Protocol.Attempts;

/// <summary>
/// An attempt that is counted while it is verified. Disposed, it stays counted, as a wrong one; who waited for the outcome is told then, so
/// it is disposed as soon as the outcome is known.
/// </summary>
public sealed class OpenAttempt : IDisposable
{
    private readonly IAttemptStore _attempts;
    private readonly AttemptsInFlight _inFlight;
    private readonly List<CountedAttempt> _counted = [];

    internal OpenAttempt(IAttemptStore attempts, AttemptsInFlight inFlight)
    {
        _attempts = attempts;
        _inFlight = inFlight;
    }

    /// <summary>The limit that is used up; null when it may go on.</summary>
    public AttemptLimit? Refusal { get; private set; }

    /// <summary>When that limit begins anew.</summary>
    public TimeSpan RetryAfter { get; private set; }

    /// <summary>It was no guess after all: nothing of it stays counted.</summary>
    public async Task TakeBackAsync(CancellationToken cancellationToken)
    {
        await _attempts.TakeBackAsync(_counted, cancellationToken);
        Settle(isTakenBack: true);
    }

    public void Dispose() => Settle(isTakenBack: false);

    internal void Add(CountedAttempt counted) => _counted.Add(counted);

    internal void Refuse(AttemptLimit limit, TimeSpan retryAfter)
    {
        (Refusal, RetryAfter) = (limit, retryAfter);

        // What was counted at the others before stays counted: it was an attempt.
        Settle(isTakenBack: false);
    }

    private void Settle(bool isTakenBack)
    {
        foreach (var counted in _counted)
        {
            _inFlight.Leave(counted.Key, isTakenBack);
        }

        _counted.Clear();
    }
}
