namespace IdentityProvider.Protocol.Attempts;

/// <summary>
/// Who stands at one counter: who asks it just now, who was counted and is being verified, and who waits. Under the lock of
/// <see cref="AttemptsInFlight"/>.
/// </summary>
internal sealed class AttemptLine
{
    private readonly SortedSet<long> _asking = [];
    private long _turns;
    private int _counted;
    private int _takenBack;

    public LinkedList<AttemptWait> Waiting { get; } = new();

    public bool IsEmpty => _asking.Count == 0 && _counted == 0 && Waiting.Count == 0;

    /// <summary>Is about to ask the counter.</summary>
    public AttemptTurn Join() => Give(isHandedOn: false);

    /// <summary>Was counted.</summary>
    public void Enter(AttemptTurn turn)
    {
        _asking.Remove(turn.Number);
        _counted++;
    }

    /// <summary>Was told that the counter is used up.</summary>
    /// <returns>A turn to ask again at once, where one was taken back meanwhile.</returns>
    public AttemptTurn? Fail(AttemptTurn turn, bool isPatient, int mostWaiting, out AttemptWait? wait)
    {
        wait = null;
        _asking.Remove(turn.Number);
        if (_takenBack != turn.TakenBack && isPatient)
        {
            var again = Give(isHandedOn: true);
            WaitForAllWhoAsk();
            return again;
        }

        if (turn.IsHandedOn)
        {
            // Somebody who asks just now was faster and has what the others wait for.
            WaitForAllWhoAsk();
        }

        RefuseTheHopeless();
        var candidate = new AttemptWait(this) { LastAhead = LastWhoAsks };
        if (isPatient && Waiting.Count < mostWaiting && !IsHopeless(candidate))
        {
            Waiting.AddLast(candidate);
            wait = candidate;
        }

        return null;
    }

    /// <summary>Does not make use of the turn.</summary>
    public void PassOn(AttemptTurn turn)
    {
        _asking.Remove(turn.Number);
        HandOn();
    }

    /// <summary>The outcome of a counted one is known.</summary>
    public void Leave(bool isTakenBack)
    {
        _counted--;
        if (isTakenBack)
        {
            HandOn();
        }
        else
        {
            RefuseTheHopeless();
        }
    }

    private long LastWhoAsks => _asking.Count == 0 ? 0 : _asking.Max;

    private AttemptTurn Give(bool isHandedOn)
    {
        _asking.Add(++_turns);
        return new AttemptTurn(_turns, _takenBack, isHandedOn);
    }

    /// <summary>There may be room for one: who has waited longest asks again, and the others wait for the outcome.</summary>
    private void HandOn()
    {
        _takenBack++;
        if (Waiting.First is { } next)
        {
            Waiting.RemoveFirst();
            next.Value.Turn.SetResult(Give(isHandedOn: true));
            WaitForAllWhoAsk();
        }
    }

    private void WaitForAllWhoAsk()
    {
        foreach (var wait in Waiting)
        {
            wait.LastAhead = LastWhoAsks;
        }
    }

    /// <summary>
    /// Nobody is being verified, and of those who asked when it began to wait none may have been counted: what is counted now was wrong, or is on
    /// other nodes. Those who came since are not waited for, or a flood of them would keep everybody.
    /// </summary>
    private bool IsHopeless(AttemptWait wait) => _counted == 0 && (_asking.Count == 0 || _asking.Min > wait.LastAhead);

    private void RefuseTheHopeless()
    {
        for (var node = Waiting.First; node is not null;)
        {
            var (wait, next) = (node.Value, node.Next);
            if (IsHopeless(wait))
            {
                Waiting.Remove(node);
                wait.Turn.SetResult(null);
            }

            node = next;
        }
    }
}

/// <summary>Leave to ask the counter once.</summary>
/// <param name="Number">In the order given.</param>
/// <param name="TakenBack">How many were taken back before.</param>
/// <param name="IsHandedOn">Because one was taken back.</param>
internal sealed record AttemptTurn(long Number, int TakenBack, bool IsHandedOn);

/// <summary>One who waits.</summary>
internal sealed class AttemptWait(AttemptLine line)
{
    public AttemptLine Line => line;

    /// <summary>Null when it is refused.</summary>
    public TaskCompletionSource<AttemptTurn?> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The last of those who asked the counter and may have what this one waits for.</summary>
    public long LastAhead { get; set; }
}
