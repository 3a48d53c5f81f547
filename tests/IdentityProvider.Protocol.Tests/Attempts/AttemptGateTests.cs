using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Protocol.Tests.InMemory;

namespace IdentityProvider.Protocol.Tests.Attempts;

public sealed class AttemptGateTests
{
    private static readonly AttemptLimit Five = new("five", 5, TimeSpan.FromMinutes(15));
    private static readonly AttemptLimit One = new("one", 1, TimeSpan.FromMinutes(15));

    private readonly CountedAttempts _store = new();
    private readonly TimersByHand _time = new();
    private readonly AttemptGate _gate;

    public AttemptGateTests() => _gate = new AttemptGate(_store, new AttemptsInFlight(_time), _time);

    [Fact]
    public async Task Twenty_who_are_right_at_the_same_moment_all_get_in_and_never_more_than_five_at_once()
    {
        _store.IsSlow = true;
        for (var round = 0; round < 50; round++)
        {
            var verified = new Concurrency();
            var value = $"right {round}";

            var refused = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => TryAsync(value, isRight: true, verified))));

            Assert.DoesNotContain(true, refused);
            Assert.Equal(20, verified.Total);
            Assert.InRange(verified.Most, 1, 5);
            Assert.Null((await _gate.TryEnterAsync([(Five, value)], default)).Refusal);
        }
    }

    [Fact]
    [Case(263)]
    public async Task Of_twenty_who_are_wrong_at_the_same_moment_exactly_five_are_verified()
    {
        _store.IsSlow = true;
        for (var round = 0; round < 50; round++)
        {
            var verified = new Concurrency();
            var value = $"wrong {round}";

            var refused = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => TryAsync(value, isRight: false, verified))));

            Assert.Equal((5, 15), (verified.Total, refused.Count(was => was)));
        }
    }

    [Fact]
    [Case(263)]
    public async Task Who_is_right_now_and_then_does_not_get_one_guess_more()
    {
        // Every third is right; of the others no more than five may ever be looked at.
        _store.IsSlow = true;
        for (var round = 0; round < 50; round++)
        {
            var (wrong, right) = (new Concurrency(), new Concurrency());
            var value = $"both {round}";

            await Task.WhenAll(Enumerable.Range(0, 60).Select(
                number => Task.Run(() => TryAsync(value, number % 3 == 0, number % 3 == 0 ? right : wrong))));

            Assert.Equal(5, wrong.Total);
            Assert.NotNull((await _gate.TryEnterAsync([(Five, value)], default)).Refusal);
        }
    }

    [Fact]
    public async Task Who_waits_for_one_that_was_wrong_is_told_at_once()
    {
        var first = await BeginAsync(One);
        var second = _gate.TryBeginAsync([(One, "x")], default);
        Assert.False(second.IsCompleted);

        first.Dispose();

        Assert.Equal((One, TimeSpan.FromMinutes(15)), ((await second).Refusal!, (await second).RetryAfter));
    }

    [Fact]
    public async Task Who_waits_for_one_that_was_right_takes_its_place()
    {
        using var first = await BeginAsync(One);
        var second = _gate.TryBeginAsync([(One, "x")], default);

        await first.TakeBackAsync(default);

        using var entered = await second;
        Assert.Null(entered.Refusal);
    }

    [Fact]
    public async Task Who_is_too_late_does_not_wait_for_those_who_come_after()
    {
        (await BeginAsync(One)).Dispose();
        var (first, second, third) = (_store.HoldNext(), _store.HoldNext(), _store.HoldNext());
        var (one, two) = (BeginAsync(One), BeginAsync(One));
        first.SetResult();
        Assert.False(one.IsCompleted);
        var three = BeginAsync(One);

        second.SetResult();

        Assert.NotNull((await one).Refusal);
        Assert.False(three.IsCompleted);
        third.SetResult();
        Assert.NotNull((await two).Refusal);
        Assert.NotNull((await three).Refusal);
    }

    [Fact]
    public async Task Nobody_waits_for_ever()
    {
        using var first = await BeginAsync(One);
        var second = _gate.TryBeginAsync([(One, "x")], default);

        _time.LetAllEnd();

        Assert.NotNull((await second).Refusal);
    }

    [Fact]
    public async Task Who_leaves_while_waiting_keeps_nobody_behind_from_entering()
    {
        using var first = await BeginAsync(One);
        using var leaving = new CancellationTokenSource();
        var second = _gate.TryBeginAsync([(One, "x")], leaving.Token);
        var third = _gate.TryBeginAsync([(One, "x")], default);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await first.TakeBackAsync(default);

        using var entered = await third;
        Assert.Null(entered.Refusal);
    }

    [Fact]
    public async Task An_outage_of_the_database_lets_the_next_in_line_try()
    {
        using var first = await BeginAsync(One);
        var second = _gate.TryBeginAsync([(One, "x")], default);
        var third = _gate.TryBeginAsync([(One, "x")], default);
        _store.FailNext = true;

        await first.TakeBackAsync(default);

        await Assert.ThrowsAsync<IOException>(() => second);
        using var entered = await third;
        Assert.Null(entered.Refusal);
    }

    [Fact]
    public async Task Used_up_by_what_is_wrong_or_on_other_nodes_it_refuses_without_waiting()
    {
        var elsewhere = new AttemptGate(_store, new AttemptsInFlight(_time), _time);
        using var counted = await elsewhere.TryBeginAsync([(One, "x")], default);

        var here = _gate.TryBeginAsync([(One, "x")], default);

        Assert.True(here.IsCompleted);
        Assert.NotNull((await here).Refusal);
    }

    [Fact]
    public async Task Without_a_crowd_each_limit_costs_one_statement()
    {
        using var attempt = await _gate.TryBeginAsync([(Five, "x"), (One, "x")], default);
        await attempt.TakeBackAsync(default);

        Assert.Equal((2, 1), (_store.Counts, _store.TakeBacks));
    }

    private Task<OpenAttempt> BeginAsync(AttemptLimit limit, string value = "x") => _gate.TryBeginAsync([(limit, value)], default);

    /// <returns>Whether it was refused.</returns>
    private async Task<bool> TryAsync(string value, bool isRight, Concurrency verified)
    {
        using var attempt = await BeginAsync(Five, value);
        if (attempt.Refusal is not null)
        {
            return true;
        }

        await verified.RunAsync();
        if (isRight)
        {
            await attempt.TakeBackAsync(default);
        }

        return false;
    }

    private sealed class Concurrency
    {
        private readonly Lock _lock = new();
        private int _now;

        public int Total { get; private set; }

        public int Most { get; private set; }

        public async Task RunAsync()
        {
            lock (_lock)
            {
                Total++;
                Most = Math.Max(Most, ++_now);
            }

            await Task.Yield();
            lock (_lock)
            {
                _now--;
            }
        }
    }

    private sealed class CountedAttempts : IAttemptStore
    {
        private readonly InMemoryAttempts _inner = new();
        private readonly Queue<TaskCompletionSource> _held = [];
        private int _counts;
        private int _takeBacks;

        public bool FailNext { get; set; }

        public bool IsSlow { get; set; }

        public int Counts => _counts;

        public int TakeBacks => _takeBacks;

        /// <summary>The next statement that is not held yet answers when the test says so.</summary>
        public TaskCompletionSource HoldNext()
        {
            _held.Enqueue(new TaskCompletionSource());
            return _held.Last();
        }

        public async Task<CountedAttempt?> TryCountAsync(AttemptCounter counter, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _counts);
            if (FailNext)
            {
                FailNext = false;
                throw new IOException("the database is gone");
            }

            if (_held.TryDequeue(out var held))
            {
                await held.Task;
            }

            if (!IsSlow)
            {
                return await _inner.TryCountAsync(counter, cancellationToken);
            }

            // Others come between the question, the commit and the answer.
            await Task.Yield();
            var counted = await _inner.TryCountAsync(counter, cancellationToken);
            await Task.Yield();
            return counted;
        }

        public Task TakeBackAsync(IReadOnlyCollection<CountedAttempt> attempts, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _takeBacks);
            return _inner.TakeBackAsync(attempts, cancellationToken);
        }
    }

    /// <summary>The beginning of a window, for ever; timers end when the test says so.</summary>
    private sealed class TimersByHand : TimeProvider
    {
        private readonly List<Timer> _timers = [];

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            lock (_timers)
            {
                _timers.Add(new Timer(callback, state));
                return _timers[^1];
            }
        }

        public void LetAllEnd()
        {
            Timer[] timers;
            lock (_timers)
            {
                timers = [.. _timers];
            }

            Array.ForEach(timers, timer => timer.End());
        }

        private sealed class Timer(TimerCallback callback, object? state) : ITimer
        {
            private bool _isDisposed;

            public void End()
            {
                if (!_isDisposed)
                {
                    callback(state);
                }
            }

            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() => _isDisposed = true;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
