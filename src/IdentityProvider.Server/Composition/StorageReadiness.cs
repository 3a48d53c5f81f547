using IdentityProvider.Protocol.Keys;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IdentityProvider.Server.Composition;

/// <summary>Ready means that the database answers: one cheap read.</summary>
internal sealed class StorageReadiness(IKeyStore keys) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await keys.GetVersionAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
