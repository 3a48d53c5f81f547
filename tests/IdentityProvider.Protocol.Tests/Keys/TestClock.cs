namespace IdentityProvider.Protocol.Tests.Keys;

/// <summary>A clock the test sets; it may run ahead of or behind another.</summary>
internal sealed class TestClock(TestClock? reference = null) : TimeProvider
{
    private DateTimeOffset _now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>How far it is ahead of the reference clock.</summary>
    public TimeSpan Offset { get; set; }

    public DateTimeOffset Now => (reference?.Now ?? _now) + Offset;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    /// <summary>Elapsed time, which the offset does not disturb.</summary>
    public override long GetTimestamp() => (reference?._now ?? _now).UtcTicks;

    public void Advance(TimeSpan time) => _now += time;
}
