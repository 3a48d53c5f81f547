using IdentityProvider.Redis;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IdentityProvider.Server.Composition;

/// <summary>Says when Redis is not used. A node works without it, so it stays ready.</summary>
internal sealed class RedisReadiness(RedisClient redis) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(redis.Status is { IsUsed: false } status ? HealthCheckResult.Degraded(status.Text) : HealthCheckResult.Healthy());
}
