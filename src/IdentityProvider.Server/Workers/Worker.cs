namespace IdentityProvider.Server.Workers;

/// <summary>
/// Background work that the host watches. Who is stopped before a thread has taken the work up, as when the start fails on a busy machine, has ended
/// well: a <see cref="BackgroundService"/> alone ends as cancelled then, and the host takes that for a fault, which ends the server and stands with
/// its stack trace where the operator looks for the reason.
/// </summary>
internal abstract class Worker : BackgroundService
{
    private Task? _execution;
    private volatile bool _hasBegun;

    public sealed override Task? ExecuteTask => _execution;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        _execution = WatchAsync(base.ExecuteTask!);
    }

    /// <summary>Until the server stops; whatever it throws ends the server.</summary>
    protected abstract Task WorkAsync(CancellationToken stoppingToken);

    protected sealed override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _hasBegun = true;
        return WorkAsync(stoppingToken);
    }

    private async Task WatchAsync(Task execution)
    {
        try
        {
            await execution;
        }
        catch (OperationCanceledException) when (!_hasBegun)
        {
            // Stopped before it began.
        }
    }
}
