using System.Security.Cryptography;

namespace IdentityProvider.Redis.Connections;

/// <summary>
/// How long to wait before the next connection: from a fifth of a second, twice as long each time, to ten seconds, and of that a random half or
/// more, so that nodes do not come all at once. What has held for half a minute begins anew; what breaks sooner is tried ever more seldom.
/// </summary>
internal sealed class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(30);

    private TimeSpan _next = First;

    /// <param name="held">How long the last connection was of use; zero when there was none.</param>
    public TimeSpan Next(TimeSpan held)
    {
        var pause = held >= Steady ? First : _next;
        _next = pause * 2 < Longest ? pause * 2 : Longest;
        return pause * (RandomNumberGenerator.GetInt32(500, 1001) / 1000.0);
    }
}
