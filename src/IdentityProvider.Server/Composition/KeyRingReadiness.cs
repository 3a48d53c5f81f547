using IdentityProvider.Protocol.Keys;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// Ready means that the keys in memory are those of the database: a node that cannot read the ring, for example because a key in it is wrapped by
/// a master key that this node was not given, goes on with old keys and would not hear that one of them is compromised.
/// </summary>
internal sealed class KeyRingReadiness(KeyRing ring) : IHealthCheck
{
    /// <summary>Two looks a second are made; a short outage of the database is told by <see cref="StorageReadiness"/>.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(1);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        ring.Age <= Most
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("the keys in memory may be old: see the log for why the key ring could not be refreshed"));
}
