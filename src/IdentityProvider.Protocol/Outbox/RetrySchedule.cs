using System.Security.Cryptography;

namespace IdentityProvider.Protocol.Outbox;

/// <summary>
/// When a failed delivery is tried again: after 15 seconds, then 2.8 times as long each time, ten attempts in about 24 hours. Each pause is
/// up to a fifth longer or shorter, so that a receiver that comes back is not met by all at once.
/// </summary>
public static class RetrySchedule
{
    public const int MaxAttempts = 10;

    private const double Factor = 2.8;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(15);

    /// <summary>The pause after an attempt that failed; null when it was the last.</summary>
    /// <param name="attempts">Attempts made, at least one.</param>
    public static TimeSpan? PauseAfter(int attempts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        if (attempts >= MaxAttempts)
        {
            return null;
        }

        var jitter = 0.8 + (RandomNumberGenerator.GetInt32(0, 401) / 1000.0);
        return First * Math.Pow(Factor, attempts - 1) * jitter;
    }
}
