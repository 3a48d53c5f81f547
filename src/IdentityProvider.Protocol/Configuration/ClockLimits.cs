namespace IdentityProvider.Protocol.Configuration;

/// <summary>How far clocks may be wrong before something that is over begins again.</summary>
public static class ClockLimits
{
    /// <summary>A node whose clock is further from the database's than this is not ready.</summary>
    public static readonly TimeSpan ToDatabase = TimeSpan.FromSeconds(45);

    /// <summary>So two nodes that are ready are never further apart than this; what one made may be from the other's future by as much.</summary>
    public static readonly TimeSpan BetweenNodes = 2 * ToDatabase;

    /// <summary>
    /// A clock that somebody set wrong by up to this, and then right, brings nothing back to life: what proves that something was used or
    /// withdrawn is kept for so much longer.
    /// </summary>
    public static readonly TimeSpan Setback = TimeSpan.FromHours(2);
}
