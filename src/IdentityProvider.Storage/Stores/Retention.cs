namespace IdentityProvider.Storage.Stores;

/// <summary>How long ended things stay.</summary>
internal static class Retention
{
    /// <summary>
    /// From the end of a grant or session to the deletion of its row and its status bit. An access token lives 24 hours at most
    /// (<see cref="Protocol.Configuration.TokenOptions"/>) and none is issued after the end, so an hour is left for clocks that differ.
    /// </summary>
    public static readonly TimeSpan AfterEnd = TimeSpan.FromHours(25);

    /// <summary>How long the list of deliveries goes back. Trying ends after about a day.</summary>
    public static readonly TimeSpan OfDeliveries = TimeSpan.FromDays(14);
}
