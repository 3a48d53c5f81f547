using System.Globalization;
using System.Security.Cryptography;
using IdentityProvider.Protocol.Configuration;

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
    /// <summary>An epoch that could begin now. Later than now by what clocks of nodes may differ: on none has a window of it begun.</summary>
    public static RedisEpoch Propose(RedisServerState server, DateTimeOffset now)
    {
        var begins = now + ClockLimits.BetweenNodes;
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{server.Continuity}:{begins.ToUnixTimeMilliseconds()}:{Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}");
        return Parse(name)!;
    }

    /// <summary>Null when it is not one of ours.</summary>
    public static RedisEpoch? Parse(string name)
    {
        var parts = name.Split(':');
        return parts.Length == 3 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var begins) && begins < 1L << 46
            ? new RedisEpoch(name, DateTimeOffset.FromUnixTimeMilliseconds(begins))
            : null;
    }
}
