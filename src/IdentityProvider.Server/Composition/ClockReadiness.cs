using System.Globalization;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// Ready means that this node's clock is near the database's, and so near those of the other nodes: what one issues must be neither from the
/// future nor expired on another.
/// </summary>
internal sealed class ClockReadiness(DatabaseClock clock, ILogger<ClockReadiness> logger) : IHealthCheck
{
    private bool _isApart;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        TimeSpan ahead;
        try
        {
            ahead = await clock.MeasureAheadAsync(cancellationToken);
        }
        catch (StorageOverloadedException) when (!Volatile.Read(ref _isApart))
        {
            return HealthCheckResult.Healthy(); // StorageReadiness says it, and a clock that was right still is
        }

        var isApart = ahead.Duration() > ClockLimits.ToDatabase;
        if (Interlocked.Exchange(ref _isApart, isApart) != isApart)
        {
            Tell(ahead, isApart);
        }

        return isApart
            ? HealthCheckResult.Unhealthy(string.Create(CultureInfo.InvariantCulture, $"the clock is {ahead.TotalSeconds:0} s ahead of the database's"))
            : HealthCheckResult.Healthy();
    }

    private void Tell(TimeSpan ahead, bool isApart)
    {
        if (isApart)
        {
            var direction = ahead > TimeSpan.Zero ? "ahead of" : "behind";
            Log.ClockApart(logger, (long)ahead.Duration().TotalSeconds, direction, (long)ClockLimits.ToDatabase.TotalSeconds);
        }
        else
        {
            Log.ClockRight(logger);
        }
    }
}
