using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it can do its work, which needs the database. Both say one word and
/// nothing else, so they may be public.
/// </summary>
internal static class Health
{
    /// <summary>Path under which they stand.</summary>
    public const string Root = "/health";

    private const string Ready = "ready";

    public static void AddHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<StorageReadiness>("storage", tags: [Ready]);

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks(Root + "/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks(Root + "/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready) });
    }
}
