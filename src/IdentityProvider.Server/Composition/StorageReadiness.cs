using IdentityProvider.Protocol.Keys;
using IdentityProvider.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// Ready means that the database answers: one cheap read. Once it has failed a request it must also take a write: who reads from a full disk
/// or a standby is not ready. Nobody can make it write by asking.
/// </summary>
internal sealed class StorageReadiness(IKeyStore keys, DatabaseProbe probe, Outages outages) : IHealthCheck
{
    private long _settled;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await keys.GetVersionAsync(cancellationToken);
        var seen = outages.Count;
        if (seen != Interlocked.Read(ref _settled))
        {
            await probe.WriteAsync(cancellationToken);
            Interlocked.Exchange(ref _settled, seen);
        }

        return HealthCheckResult.Healthy();
    }
}
