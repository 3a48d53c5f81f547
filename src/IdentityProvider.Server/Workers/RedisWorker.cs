using IdentityProvider.Redis;

namespace IdentityProvider.Server.Workers;

/// <summary>Keeps the connection to Redis.</summary>
internal sealed class RedisWorker(RedisClient redis) : Worker
{
    protected override Task WorkAsync(CancellationToken stoppingToken) => redis.RunAsync(stoppingToken);
}
