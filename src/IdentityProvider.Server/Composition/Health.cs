using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it can do its work, which needs the database, the keys and a right clock.
/// Both say one word, and which of these is missing, and nothing else, so they may be public; the log says the rest. Without its Redis a node is
/// ready all the same, and says <c>Degraded: redis</c>.
/// </summary>
internal static class Health
{
    /// <summary>Path under which they stand.</summary>
    public const string Root = "/health";

    private const string Ready = "ready";

    public static void AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<Outages>();
        services.AddSingleton<StorageReadiness>(); // it remembers what it saw
        services.AddSingleton<ClockReadiness>(); // and this one what it told
        services.AddHealthChecks()
            .AddCheck<StorageReadiness>("storage", tags: [Ready])
            .AddCheck<ClockReadiness>("clock", tags: [Ready])
            .AddCheck<KeyRingReadiness>("keys", tags: [Ready]);
    }

    /// <summary>Only where it is configured.</summary>
    public static void AddRedisHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<RedisReadiness>("redis", tags: [Ready]);

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks(Root + "/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks(Root + "/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = WriteAsync });
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var missing = report.Entries.Where(check => check.Value.Status != HealthStatus.Healthy).Select(check => check.Key).ToArray();
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(missing.Length == 0 ? report.Status.ToString() : $"{report.Status}: {string.Join(", ", missing)}");
    }
}
