using IdentityProvider.Server.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IdentityProvider.Testing;

/// <summary>
/// The server's own worker, started and stopped through us. The host watches what is a <see cref="BackgroundService"/>: one that is stopped before a
/// thread has taken it up ends as cancelled, which the host takes for a fault and ends the whole server, services and all. On a busy machine that
/// happened to tests that paused deliveries at once.
/// </summary>
internal sealed class PausableDeliveries(DeliveryWorker worker) : IHostedService, IDisposable
{
    /// <summary>Puts it in the place of the worker.</summary>
    public static void Replace(IServiceCollection services)
    {
        services.Remove(services.Single(service => service.ImplementationType == typeof(DeliveryWorker)));
        services.AddSingleton<PausableDeliveries>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DeliveryWorker>(provider));
        services.AddHostedService(provider => provider.GetRequiredService<PausableDeliveries>());
    }

    public Task StartAsync(CancellationToken cancellationToken) => worker.StartAsync(cancellationToken);

    /// <summary>When it has answered, nothing is being delivered. Stopping again does nothing.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => worker.StopAsync(cancellationToken);

    public void Dispose() => worker.Dispose();
}
