using IdentityProvider.Protocol.Keys;
using IdentityProvider.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// Ready means that the database answers: one cheap read. Once it has failed a request it must also take a write: who reads from a full disk
/// or a standby is not ready. Nobody can make it write by asking. Having too much to do is no reason to leave: the others would have it, too.
/// </summary>
internal sealed class StorageReadiness(IKeyStore keys, DatabaseProbe probe, Outages outages) : IHealthCheck
{
    private long _settled;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await LookAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (StorageOverloadedException exception)
        {
            return HealthCheckResult.Degraded(exception.Message);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        await keys.GetVersionAsync(cancellationToken);
        var seen = outages.Count;
        if (seen != Interlocked.Read(ref _settled))
        {
            await probe.WriteAsync(cancellationToken);
            Interlocked.Exchange(ref _settled, seen);
        }
    }
}
