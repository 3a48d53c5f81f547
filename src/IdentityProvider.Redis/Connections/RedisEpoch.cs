using System.Globalization;
using System.Security.Cryptography;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Redis.Resp;

namespace IdentityProvider.Redis.Connections;

/// <summary>
/// A time in which Redis has lost nothing. It is written down in Redis itself, so that it is gone with the rest: whoever counts names it, and
/// is refused when it is another. Only windows that begin in it are counted there; for the others nobody knows what was counted before. So
/// however often Redis loses its data, of one window it counts once.
/// </summary>
/// <param name="Name">What stands in Redis.</param>
/// <param name="BeginsAt">Windows that begin from then on are counted in Redis.</param>
internal sealed record RedisEpoch(string Name, DateTimeOffset BeginsAt)
{
    /// <summary>
    /// Goes on with the epoch that stands there, or begins one when there is none, the server has lost something since, or it could not have begun
    /// yet (a clock was set back since). It is always written, so that a server that takes no writes is known as such at once. It begins by
    /// the clock of the server, later by what clocks of nodes may differ: on none has a window of it begun. Who is further away writes nothing.
    /// </summary>
    private static readonly RedisScript Begin = new(
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local ahead = now - tonumber(ARGV[2])
        if math.abs(ahead) > tonumber(ARGV[3]) then return ahead end
        local latest = now + tonumber(ARGV[4])
        local epoch = redis.call('GET', KEYS[1])
        local goes_on = epoch and string.sub(epoch, 1, #ARGV[1]) == ARGV[1]
        local begins = goes_on and tonumber(string.match(epoch, '^%d+', #ARGV[1] + 1))
        if not goes_on or (begins and begins > latest) then epoch = ARGV[1] .. string.format('%.0f', latest) .. ':' .. ARGV[5] end
        redis.call('SET', KEYS[1], epoch)
        return epoch
        """);

    /// <summary>The epoch that the server is in.</summary>
    /// <exception cref="RedisOutageException">Its clock and ours differ too much, or something else stands under the key.</exception>
    public static async Task<RedisEpoch> BeginAsync(
        RedisConnection connection, string key, RedisServerState server, TimeProvider clock, CancellationToken cancellationToken)
    {
        RespArgument[] arguments =
        [
            server.Continuity + ":",
            clock.GetUtcNow().ToUnixTimeMilliseconds(),
            (long)ClockLimits.ToDatabase.TotalMilliseconds, // the bound that a node which is ready keeps to the database
            (long)ClockLimits.BetweenNodes.TotalMilliseconds,
            Convert.ToHexString(RandomNumberGenerator.GetBytes(8)),
        ];
        var reply = await Begin.RunAsync(connection, [key], arguments, cancellationToken);
        return reply.Kind == RespKind.Integer
            ? throw ClockApart(reply.Integer > 0)
            : Parse(reply.AsText()) ?? throw new RedisOutageException("has something else under " + key);
    }

    /// <summary>Null when it is not one of ours.</summary>
    public static RedisEpoch? Parse(string name)
    {
        var parts = name.Split(':');
        return parts.Length == 3 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var begins) && begins < 1L << 46
            ? new RedisEpoch(name, DateTimeOffset.FromUnixTimeMilliseconds(begins))
            : null;
    }

    /// <summary>Whether it begins later than any that could be begun now: then a clock was set back, and nothing would be counted until then.</summary>
    public bool IsTooFarAhead(DateTimeOffset now) => BeginsAt > now + ClockLimits.ToDatabase + ClockLimits.BetweenNodes;

    /// <summary>Without the seconds, which would be another reason, and another line in the log, each time.</summary>
    private static RedisOutageException ClockApart(bool isAhead) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"has a clock that is more than {ClockLimits.ToDatabase.TotalSeconds} s {(isAhead ? "ahead of" : "behind")} this node's: set both by the same time server (if this node's is the wrong one, its /health/ready says clock)"));
}
