namespace IdentityProvider.Protocol.Attempts;

/// <summary>
/// Attempts that are counted and whose outcome is not known yet, on this node: who comes when a limit is used up waits in line for one of them
/// to be taken back. The counters in the database decide alone who enters; this says only when it is worth asking them again.
/// </summary>
public sealed class AttemptsInFlight(TimeProvider clock)
{
    /// <summary>How long one waits at most. A hash takes some 25 ms, and its queue is a second or two.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How many wait for one counter; more are refused at once.</summary>
    private const int MostWaiting = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);

    /// <summary>Whether one more was counted; then <see cref="Leave"/> must follow.</summary>
    /// <param name="key">The counter.</param>
    /// <param name="tryCount">Asks it; false when it is used up.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    internal async Task<bool> TryEnterAsync(ReadOnlyMemory<byte> key, Func<Task<bool>> tryCount, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        var name = NameOf(key);

        // In line before the counter is asked, so that nobody who asks it meanwhile thinks that there is no one to wait for.
        int? seen = Join(name);
        while (seen is { } takenBack)
        {
            try
            {
                if (await tryCount())
                {
                    return true;
                }
            }
            catch
            {
                GiveUp(name, mayAnotherTry: true);
                throw;
            }

            seen = await WaitAsync(name, takenBack, Patience - clock.GetElapsedTime(begun), cancellationToken);
        }

        return false;
    }

    internal void Leave(ReadOnlyMemory<byte> key, bool isTakenBack) => GiveUp(NameOf(key), isTakenBack);

    private static string NameOf(ReadOnlyMemory<byte> key) => Convert.ToHexString(key.Span);

    /// <summary>Takes a place, which lasts until it is left or handed on.</summary>
    /// <returns>How many were taken back so far.</returns>
    private int Join(string name)
    {
        lock (_lock)
        {
            if (!_lines.TryGetValue(name, out var line))
            {
                _lines[name] = line = new Line();
            }

            line.Places++;
            return line.TakenBack;
        }
    }

    /// <summary>Gives up the place and waits for another one's.</summary>
    /// <returns>How many were taken back so far, with a place; null, without one, when there is nothing to wait for any more.</returns>
    private async Task<int?> WaitAsync(string name, int seen, TimeSpan patience, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource<int?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Line line;
        lock (_lock)
        {
            line = _lines[name];
            if (line.TakenBack != seen && patience > TimeSpan.Zero)
            {
                return line.TakenBack;
            }

            // The last one tells those who wait: whatever is counted now was wrong, or is on other nodes.
            Vacate(name, line);
            if (line.Places == 0 || line.Waiting.Count >= MostWaiting || patience <= TimeSpan.Zero)
            {
                return null;
            }

            line.Waiting.AddLast(turn);
        }

        try
        {
            return await turn.Task.WaitAsync(patience, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Given a place at the last moment: it asks once more.
            return TryWithdraw(line, turn) ? null : await turn.Task;
        }
        catch (OperationCanceledException)
        {
            if (!TryWithdraw(line, turn) && await turn.Task is not null)
            {
                GiveUp(name, mayAnotherTry: true);
            }

            throw;
        }
    }

    /// <summary>False when its turn has come already.</summary>
    private bool TryWithdraw(Line line, TaskCompletionSource<int?> turn)
    {
        lock (_lock)
        {
            return line.Waiting.Remove(turn);
        }
    }

    private void GiveUp(string name, bool mayAnotherTry)
    {
        lock (_lock)
        {
            var line = _lines[name];
            if (mayAnotherTry)
            {
                line.TakenBack++;
                if (line.Waiting.First is { } next)
                {
                    // The place goes over to who has waited longest, so that the others go on waiting for it.
                    line.Waiting.RemoveFirst();
                    next.Value.SetResult(line.TakenBack);
                    return;
                }
            }

            Vacate(name, line);
        }
    }

    private void Vacate(string name, Line line)
    {
        if (--line.Places > 0)
        {
            return;
        }

        _lines.Remove(name);
        foreach (var turn in line.Waiting)
        {
            turn.SetResult(null);
        }

        line.Waiting.Clear();
    }

    private sealed class Line
    {
        /// <summary>Who asks the counter just now, and who is counted and being verified.</summary>
        public int Places { get; set; }

        public int TakenBack { get; set; }

        public LinkedList<TaskCompletionSource<int?>> Waiting { get; } = new();
    }
}
