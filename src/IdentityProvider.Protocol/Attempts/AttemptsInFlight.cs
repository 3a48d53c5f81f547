namespace IdentityProvider.Protocol.Attempts;

/// <summary>
/// Attempts that are counted and whose outcome is not known yet, on this node: who comes when a limit is used up waits in line for one of them
/// to be taken back. The counters of the store decide alone who enters; this says only when it is worth asking them again.
/// </summary>
public sealed class AttemptsInFlight(TimeProvider clock)
{
    /// <summary>How long one waits at most. A hash takes some 25 ms, and its queue is a second or two.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How many wait for one counter; more are refused at once.</summary>
    private const int MostWaiting = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, AttemptLine> _lines = new(StringComparer.Ordinal);

    /// <summary>What was counted, after which <see cref="Leave"/> must follow; null when nothing was.</summary>
    /// <param name="key">The counter.</param>
    /// <param name="tryCount">Asks it; null when it is used up.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    internal async Task<CountedAttempt?> TryEnterAsync(
        ReadOnlyMemory<byte> key, Func<Task<CountedAttempt?>> tryCount, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        var name = NameOf(key);
        AttemptTurn? turn = Join(name);
        while (turn is not null)
        {
            try
            {
                if (await tryCount() is { } counted)
                {
                    Change(name, line => line.Enter(turn));
                    return counted;
                }
            }
            catch
            {
                Change(name, line => line.PassOn(turn));
                throw;
            }

            turn = await WaitAsync(name, turn, Patience - clock.GetElapsedTime(begun), cancellationToken);
        }

        return null;
    }

    /// <summary>The outcome of an attempt that was counted is known.</summary>
    internal void Leave(ReadOnlyMemory<byte> key, bool isTakenBack) => Change(NameOf(key), line => line.Leave(isTakenBack));

    private static string NameOf(ReadOnlyMemory<byte> key) => Convert.ToHexString(key.Span);

    private AttemptTurn Join(string name)
    {
        lock (_lock)
        {
            if (!_lines.TryGetValue(name, out var line))
            {
                _lines[name] = line = new AttemptLine();
            }

            return line.Join();
        }
    }

    /// <summary>The next turn of who was told that the counter is used up; null when there is nothing to wait for any more.</summary>
    private async Task<AttemptTurn?> WaitAsync(string name, AttemptTurn turn, TimeSpan patience, CancellationToken cancellationToken)
    {
        AttemptWait? wait = null;
        AttemptTurn? next = null;
        Change(name, line => next = line.Fail(turn, patience > TimeSpan.Zero, MostWaiting, out wait));
        if (wait is null)
        {
            return next;
        }

        try
        {
            return await wait.Turn.Task.WaitAsync(patience, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Given a turn at the last moment: it asks once more.
            return TryWithdraw(wait) ? null : await wait.Turn.Task;
        }
        catch (OperationCanceledException)
        {
            if (!TryWithdraw(wait) && await wait.Turn.Task is { } unused)
            {
                Change(name, line => line.PassOn(unused));
            }

            throw;
        }
    }

    /// <summary>False when it has been answered already.</summary>
    private bool TryWithdraw(AttemptWait wait)
    {
        lock (_lock)
        {
            return wait.Line.Waiting.Remove(wait);
        }
    }

    private void Change(string name, Action<AttemptLine> change)
    {
        lock (_lock)
        {
            var line = _lines[name];
            change(line);
            if (line.IsEmpty)
            {
                _lines.Remove(name);
            }
        }
    }
}
