using IdentityProvider.Protocol.Attempts;

namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>
/// How many wrong codes of a second factor an account takes, of the app and of recovery together: 5 in 5 minutes and 50 in a day. An attempt is
/// counted before the code is compared and taken back when it was right. A browser that the account is known in has counters of its own, so that a
/// stranger with the password cannot lock the owner out.
/// </summary>
public sealed class SecondFactorLimits(IAttemptStore attempts, TimeProvider clock)
{
    public static AttemptLimit Short { get; } = new("second-factor:account", 5, TimeSpan.FromMinutes(5));

    public static AttemptLimit Long { get; } = new("second-factor:account-day", 50, TimeSpan.FromDays(1));

    /// <param name="accountId">Whose factor.</param>
    /// <param name="deviceId">The browser, where the account is known in it.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>What to take back, or when to come back.</returns>
    public async Task<SecondFactorAttempt> TryCountAsync(string accountId, Guid? deviceId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var counted = new List<ReadOnlyMemory<byte>>();
        foreach (var limit in new[] { Short, Long })
        {
            var key = limit.KeyOf(deviceId is { } device ? $"{accountId} {device:N}" : accountId, now);
            if (!await attempts.TryCountAsync(key, limit.Most, limit.EndOf(now), cancellationToken))
            {
                return new SecondFactorAttempt(limit.EndOf(now) - now, counted);
            }

            counted.Add(key);
        }

        return new SecondFactorAttempt(RetryAfter: null, counted);
    }

    public Task TakeBackAsync(SecondFactorAttempt attempt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        return attempts.TakeBackAsync(attempt.Counted, cancellationToken);
    }
}

/// <summary>One attempt.</summary>
/// <param name="RetryAfter">When to come back; null when the code may be compared.</param>
/// <param name="Counted">Counters that it was added to.</param>
public sealed record SecondFactorAttempt(TimeSpan? RetryAfter, IReadOnlyCollection<ReadOnlyMemory<byte>> Counted);
