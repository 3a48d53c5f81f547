namespace IdentityProvider.Server.Tests.Cluster;

/// <summary>A test that needs PostgreSQL: skipped, visibly, where there is none, but not in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgreSqlFactAttribute : FactAttribute
{
    public PostgreSqlFactAttribute() => Skip = PostgreSqlServer.FindObstacle();
}
