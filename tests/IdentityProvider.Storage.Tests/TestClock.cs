namespace IdentityProvider.Storage.Tests;

/// <summary>A clock that stands still until it is moved; whole microseconds, as PostgreSQL keeps them.</summary>
public sealed class TestClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    public DateTimeOffset Now => _now;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
