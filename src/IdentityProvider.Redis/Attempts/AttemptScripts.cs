using System.Buffers.Text;
using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Redis.Connections;
using IdentityProvider.Redis.Resp;

namespace IdentityProvider.Redis.Attempts;

/// <summary>
/// Counters in Redis: <c>{prefix}attempt:{key}</c>, a number that deletes itself. Each verb is one script, and a script is one step for all who call.
/// </summary>
internal sealed class AttemptScripts(string prefix, TimeProvider clock)
{
    private const long OtherEpoch = -1;

    /// <summary>1 when it was counted, 0 when the counter is used up.</summary>
    private static readonly RedisScript Count = new(
        """
        if redis.call('GET', KEYS[2]) ~= ARGV[3] then return -1 end
        local count = tonumber(redis.call('GET', KEYS[1]) or 0)
        if count >= tonumber(ARGV[1]) then return 0 end
        redis.call('INCR', KEYS[1])
        if count == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
        return 1
        """);

    private static readonly RedisScript TakeBack = new(
        """
        if redis.call('GET', KEYS[#KEYS]) ~= ARGV[1] then return -1 end
        for i = 1, #KEYS - 1 do
          if tonumber(redis.call('GET', KEYS[i]) or 0) > 0 then redis.call('DECR', KEYS[i]) end
        end
        return 1
        """);

    /// <summary>False when the counter is used up.</summary>
    /// <exception cref="RedisOutageException">Redis cannot say; it may have counted.</exception>
    public async Task<bool> TryCountAsync(RedisSession session, AttemptCounter counter, CancellationToken cancellationToken)
    {
        // For so long, not until then: a clock of the server that is ahead must not delete a counter that is in use. And as much longer as in the
        // database, should that clock be set meanwhile.
        var rest = counter.EndsAt - clock.GetUtcNow();
        var lifetime = (rest > TimeSpan.Zero ? rest : TimeSpan.Zero) + ClockLimits.Setback;
        var reply = await RunAsync(
            session, Count, [KeyOf(counter.Key), session.EpochKey], [counter.Most, (long)lifetime.TotalMilliseconds, session.Epoch.Name], cancellationToken);
        return reply == 1;
    }

    /// <summary>One less in each that has one; none is made.</summary>
    /// <exception cref="RedisOutageException">Redis cannot say.</exception>
    public Task TakeBackAsync(RedisSession session, IEnumerable<CountedAttempt> attempts, CancellationToken cancellationToken) =>
        RunAsync(session, TakeBack, [.. attempts.Select(attempt => KeyOf(attempt.Key)), session.EpochKey], [session.Epoch.Name], cancellationToken);

    private static async Task<long> RunAsync(
        RedisSession session,
        RedisScript script,
        IReadOnlyList<RespArgument> keys,
        IReadOnlyList<RespArgument> arguments,
        CancellationToken cancellationToken)
    {
        var reply = await script.RunAsync(session.Connection, keys, arguments, cancellationToken);
        if (reply is { Kind: RespKind.Integer, Integer: not OtherEpoch })
        {
            return reply.Integer;
        }

        var outage = reply.Kind == RespKind.Integer ? RedisSession.Forgetful() : new RedisOutageException("answered something that was not asked");
        session.Connection.Close(outage);
        throw outage;
    }

    private RespArgument KeyOf(ReadOnlyMemory<byte> key) => prefix + "attempt:" + Base64Url.EncodeToString(key.Span);
}
