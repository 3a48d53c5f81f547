using IdentityProvider.Protocol.Keys;

namespace IdentityProvider.Server.Workers;

/// <summary>
/// Loads the key ring before the first request, making it when it is empty, and then moves it on and takes over what other nodes changed,
/// every 10 seconds. A wrong or missing master key stops the start; a fault later leaves the keys in memory as they are.
/// </summary>
internal sealed class KeyRotationWorker(KeyRotation rotation, TimeProvider clock, ILogger<KeyRotationWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await rotation.AdvanceAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await WaitAsync(timer, stoppingToken))
        {
            try
            {
                await rotation.AdvanceAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Log.KeyRingNotAdvanced(logger, fault);
            }
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
