using IdentityProvider.Protocol.Keys;

namespace IdentityProvider.Server.Workers;

/// <summary>
/// Loads the key ring before the first request, making it when it is empty, and then moves it on and takes over what other nodes changed,
/// twice a second, so that no node accepts a compromised key for longer. A wrong or missing master key stops the start; a fault later leaves
/// the keys in memory as they are.
/// </summary>
internal sealed class KeyRotationWorker(KeyRotation rotation, TimeProvider clock, ILogger<KeyRotationWorker> logger) : Worker
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await rotation.AdvanceAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task WorkAsync(CancellationToken stoppingToken) => Rounds.RunAsync(
        Interval, clock, rotation.AdvanceAsync, fault => Log.KeyRingNotAdvanced(logger, fault), stoppingToken);
}
