using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Outbox;

namespace IdentityProvider.Protocol.EndSession;

/// <summary>
/// Delivers what waits in the outbox for clients: Back-Channel Logout §2.5. Any number of nodes may do it at the same time; each attempt
/// belongs to one of them, and an attempt that was cut short is made again by whoever comes next.
/// </summary>
public sealed class LogoutDelivery(
    IOutboxStore outbox, LogoutTokens tokens, ILogoutTokenSender sender, ICatalogStore catalog, TimeProvider clock)
{
    /// <summary>Longer than any exchange may take (<see cref="Configuration.OutboundOptions.Timeout"/>).</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(2);

    private const int BatchSize = 200;
    private const int AtOnce = 16;

    /// <summary>One round over what is due.</summary>
    /// <returns>Attempts that this node made.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var due = await outbox.ListDueAsync(clock.GetUtcNow(), BatchSize, cancellationToken);
        if (due.Count == 0)
        {
            return 0;
        }

        var attempts = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(due, parallel, async (message, cancellation) =>
        {
            if (await outbox.TryClaimAsync(message, clock.GetUtcNow() + Claim, cancellation))
            {
                Interlocked.Increment(ref attempts);
                await AttemptAsync(message with { Attempts = message.Attempts + 1 }, cancellation);
            }
        });
        return attempts;
    }

    private async Task AttemptAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        // The registration of now counts: the address may have moved since the session ended.
        if (catalog.Current.FindClient(message.ClientId) is not { BackchannelLogoutUri: { } address } client)
        {
            const string Gone = "the client is gone, disabled or has no backchannel_logout_uri any more";
            await outbox.MarkFailedAsync(message, Gone, nextAttemptAt: null, clock.GetUtcNow(), cancellationToken);
            return;
        }

        var token = tokens.Issue(client, message.Subject, message.SessionId);
        var problem = await sender.SendAsync(address, token, cancellationToken);
        var now = clock.GetUtcNow();
        if (problem is null)
        {
            await outbox.MarkDeliveredAsync(message, now, cancellationToken);
            return;
        }

        await outbox.MarkFailedAsync(message, problem, now + RetrySchedule.PauseAfter(message.Attempts), now, cancellationToken);
    }
}
