using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Redis.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Redis.Attempts;

/// <summary>
/// Counters in Redis as long as it can be relied on, and in the database otherwise, at once: there is always one that decides. Of a window Redis
/// counts in one epoch (<see cref="RedisEpoch"/>) and the database in one table, so of both together no more than twice what the limit
/// says are let in, however often Redis comes, goes or forgets, and whichever nodes reach it. That is of one primary at a time: two that
/// take writes at once, each seen by other nodes, are one place more.
/// </summary>
internal sealed class RedisAttemptStore(
    RedisClient redis, RedisOptions options, TimeProvider clock, [FromKeyedServices(RedisRegistration.Database)] IAttemptStore database) : IAttemptStore
{
    private readonly AttemptScripts _scripts = new(options.KeyPrefix, clock);

    public async Task<CountedAttempt?> TryCountAsync(AttemptCounter counter, CancellationToken cancellationToken)
    {
        if (redis.Session is { } session && counter.StartsAt >= session.Epoch.BeginsAt)
        {
            try
            {
                return await _scripts.TryCountAsync(session, counter, cancellationToken) ? new CountedAttempt(counter.Key, IsInCache: true) : null;
            }
            catch (RedisOutageException)
            {
                // Told once, where the connection ends. What Redis may have counted all the same is one attempt less there.
            }
        }

        return await database.TryCountAsync(counter, cancellationToken);
    }

    public async Task TakeBackAsync(IReadOnlyCollection<CountedAttempt> attempts, CancellationToken cancellationToken)
    {
        var inDatabase = attempts.Where(attempt => !attempt.IsInCache).ToArray();
        if (inDatabase.Length < attempts.Count)
        {
            await TakeBackInRedisAsync(attempts.Where(attempt => attempt.IsInCache), cancellationToken);
        }

        if (inDatabase.Length > 0)
        {
            await database.TakeBackAsync(inDatabase, cancellationToken);
        }
    }

    private async Task TakeBackInRedisAsync(IEnumerable<CountedAttempt> attempts, CancellationToken cancellationToken)
    {
        if (redis.Session is not { } session)
        {
            return;
        }

        try
        {
            await _scripts.TakeBackAsync(session, attempts, cancellationToken);
        }
        catch (RedisOutageException)
        {
            // They stay counted: one attempt less, in a place that is not asked for now.
        }
    }
}
