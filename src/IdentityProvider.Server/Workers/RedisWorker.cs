using IdentityProvider.Redis;

namespace IdentityProvider.Server.Workers;

/// <summary>Keeps the connection to Redis.</summary>
internal sealed class RedisWorker(RedisClient redis) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => redis.RunAsync(stoppingToken);
}
