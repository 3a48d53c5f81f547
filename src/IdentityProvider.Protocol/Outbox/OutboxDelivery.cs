using IdentityProvider.Protocol.Configuration;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Outbox;

/// <summary>
/// Delivers what waits in the outbox. Any number of nodes may do it at the same time; each attempt belongs to one of them, and an attempt
/// that was cut short is made again by whoever comes next: everything is delivered at least once.
/// </summary>
public sealed class OutboxDelivery
{
    private const int BatchSize = 200;
    private const int AtOnce = 16;

    private readonly IOutboxStore _outbox;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _attemptTime;
    private readonly Dictionary<string, IOutboxHandler> _handlers;

    public OutboxDelivery(IOutboxStore outbox, IEnumerable<IOutboxHandler> handlers, IOptions<ProtocolOptions> options, TimeProvider clock)
    {
        (_outbox, _clock, _attemptTime) = (outbox, clock, options.Value.Deliveries.AttemptTime);
        _handlers = handlers.ToDictionary(handler => handler.Kind, StringComparer.Ordinal);
    }

    /// <summary>One round over what is due.</summary>
    /// <returns>Attempts that this node made.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var due = await _outbox.ListDueAsync(_clock.GetUtcNow(), BatchSize, cancellationToken);
        if (due.Count == 0)
        {
            return 0;
        }

        var attempts = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(due, parallel, async (message, cancellation) =>
        {
            // A kind of a newer version, while nodes of both run: one of those delivers it.
            if (_handlers.TryGetValue(message.Kind, out var handler)
                && await _outbox.TryClaimAsync(message, _clock.GetUtcNow() + _attemptTime, cancellation))
            {
                Interlocked.Increment(ref attempts);
                await AttemptAsync(handler, message with { Attempts = message.Attempts + 1 }, cancellation);
            }
        });
        return attempts;
    }

    private async Task AttemptAsync(IOutboxHandler handler, OutboxMessage message, CancellationToken cancellationToken)
    {
        var attempt = await handler.AttemptAsync(message, cancellationToken);
        var now = _clock.GetUtcNow();
        if (attempt.Problem is null)
        {
            await _outbox.MarkDeliveredAsync(message, now, cancellationToken);
            return;
        }

        var next = attempt.IsHopeless ? null : now + RetrySchedule.PauseAfter(message.Attempts);
        await _outbox.MarkFailedAsync(message, attempt.Problem, next, now, cancellationToken);
    }
}
