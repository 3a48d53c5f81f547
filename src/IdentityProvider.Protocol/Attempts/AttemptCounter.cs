namespace IdentityProvider.Protocol.Attempts;

/// <summary>The counter of one value in one window.</summary>
/// <param name="Key">32 bytes: <see cref="AttemptLimit.KeyOf"/>.</param>
/// <param name="Most">Attempts that are let in; from 1.</param>
/// <param name="StartsAt">Nothing was counted before.</param>
/// <param name="EndsAt">When the counter may be forgotten.</param>
public sealed record AttemptCounter(ReadOnlyMemory<byte> Key, int Most, DateTimeOffset StartsAt, DateTimeOffset EndsAt)
{
    public int Most { get; } = Most >= 1 ? Most : throw new ArgumentOutOfRangeException(nameof(Most));
}

/// <summary>An attempt that was counted: what takes it back.</summary>
/// <param name="Key">Of the counter.</param>
/// <param name="IsInCache">Whether a cache counted it and not the database. Taken back in the other place, it would be one guess more there.</param>
public sealed record CountedAttempt(ReadOnlyMemory<byte> Key, bool IsInCache);
