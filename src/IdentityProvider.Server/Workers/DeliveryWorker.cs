using IdentityProvider.Protocol.Outbox;

namespace IdentityProvider.Server.Workers;

/// <summary>
/// Tells clients that sessions ended, and sends mail. Every second it looks for what is due: one read by an index. Nobody waits for it.
/// </summary>
internal sealed class DeliveryWorker(OutboxDelivery delivery, TimeProvider clock, ILogger<DeliveryWorker> logger) : Worker
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override Task WorkAsync(CancellationToken stoppingToken) => Rounds.RunAsync(
        Interval, clock, RoundAsync, fault => Log.DeliveriesFailed(logger, fault), stoppingToken);

    /// <summary>Until nothing is due: what failed is due again later.</summary>
    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        while (await delivery.RunOnceAsync(cancellationToken) > 0)
        {
        }
    }
}
