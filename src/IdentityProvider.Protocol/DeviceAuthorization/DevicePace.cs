using System.Collections.Concurrent;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.DeviceAuthorization;

/// <summary>
/// Whether a device polls as slowly as it was told: RFC 8628 §3.5. The time of the last poll stands in memory, so that a poll is a look-up
/// without a write; the interval stands in the row and is written only when it is raised. With n nodes behind a balancer that spreads
/// polls, a device may poll up to n times as often before one of them notices; once it does, the raised interval holds on all of them.
/// </summary>
public sealed class DevicePace(IDeviceAuthorizationStore devices, TimeProvider clock)
{
    /// <summary>§3.5: "the interval MUST be increased by 5 seconds for this and all subsequent requests".</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    /// <summary>From here on nothing is written any more, however long a device that listens to nothing goes on.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>A device keeps time by its own clock, and the network carries one poll faster than another.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromMilliseconds(500);

    /// <summary>No interval is longer, so an older time decides nothing.</summary>
    private static readonly TimeSpan Memory = Longest + Step;

    private readonly Lock _turning = new();
    private volatile Generations _kept = new(new(), new(), DateTimeOffset.MinValue);

    /// <summary>The answer to a poll of a device that has to go on waiting; the raised interval is kept for later polls.</summary>
    public async Task<OAuthError> AnswerPendingAsync(WaitingDevice device, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        var now = clock.GetUtcNow();
        if (Exchange(device.Id, now) is not { } last || now - last >= device.Interval - Leeway)
        {
            return new OAuthError(ErrorCodes.AuthorizationPending, "The person has not decided yet.", "pending");
        }

        var raised = device.Interval + Step;
        if (raised <= Longest)
        {
            await devices.RaiseIntervalAsync(device.Id, device.Interval, raised, cancellationToken);
        }

        return new OAuthError(
            ErrorCodes.SlowDown,
            "Polled too often; wait 5 seconds longer from now on.",
            $"client {device.ClientId} polled after {(now - last).TotalSeconds:0.0} of {device.Interval.TotalSeconds:0} seconds");
    }

    /// <summary>Notes this poll and tells the time of the one before; null when there was none, or it was long ago.</summary>
    private DateTimeOffset? Exchange(Guid id, DateTimeOffset now)
    {
        var kept = Turn(now);
        DateTimeOffset? last = kept.Old.TryGetValue(id, out var earlier) ? earlier : null;
        kept.Young.AddOrUpdate(
            id,
            now,
            (_, known) =>
            {
                last = known;
                return now;
            });
        return last;
    }

    private Generations Turn(DateTimeOffset now)
    {
        if (_kept is var kept && now < kept.TurnsAt)
        {
            return kept;
        }

        lock (_turning)
        {
            kept = _kept;
            if (now >= kept.TurnsAt)
            {
                _kept = kept = new Generations(new(), now < kept.TurnsAt + Memory ? kept.Young : new(), now + Memory);
            }

            return kept;
        }
    }

    /// <summary>Times of last polls. The old ones are dropped as a whole, so nothing is searched for what can be forgotten.</summary>
    private sealed record Generations(
        ConcurrentDictionary<Guid, DateTimeOffset> Young, ConcurrentDictionary<Guid, DateTimeOffset> Old, DateTimeOffset TurnsAt);
}
