namespace IdentityProvider.Redis.Tests;

/// <summary>Needs a Redis server; skipped, visibly, where there is none, but not in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RedisFactAttribute : FactAttribute
{
    public RedisFactAttribute() => Skip = RedisInstance.FindObstacle();
}
