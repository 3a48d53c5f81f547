namespace IdentityProvider.Storage.Stores;

/// <summary>How long ended things stay.</summary>
internal static class Retention
{
    /// <summary>
    /// From the end of a grant or session to the deletion of its row and its status bit. An access token lives 24 hours at most
    /// (<see cref="Protocol.Configuration.TokenOptions"/>) and none is issued after the end, so an hour is left for clocks that differ.
    /// </summary>
    public static readonly TimeSpan AfterEnd = TimeSpan.FromHours(25);

    /// <summary>
    /// From the time at which a used identifier or a counter decides nothing any more to the deletion of its row: deleted by a clock that ran
    /// ahead, it would be as good as never used when the clock is right again.
    /// </summary>
    public static readonly TimeSpan AfterUse = Protocol.Configuration.ClockLimits.Setback;

    /// <summary>How long the list of deliveries goes back. Trying ends after about a day.</summary>
    public static readonly TimeSpan OfDeliveries = TimeSpan.FromDays(14);
}
