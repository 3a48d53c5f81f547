namespace IdentityProvider.Storage.Cleanup;

/// <summary>What one run deleted.</summary>
public sealed record CleanupReport
{
    public int Grants { get; init; }

    public int Sessions { get; init; }

    public int UsedJti { get; init; }

    public int DeviceAuthorizations { get; init; }

    public int Attempts { get; init; }

    public int Devices { get; init; }

    public int StatusBits { get; init; }

    public int StatusLists { get; init; }

    /// <summary>Deliveries, delivered or not.</summary>
    public int Deliveries { get; init; }

    public int AuditEvents { get; init; }

    /// <summary>Self-registered clients that were never used.</summary>
    public int Clients { get; init; }

    public int InitialAccessTokens { get; init; }

    public int Total =>
        Clients + InitialAccessTokens + Grants + Sessions + UsedJti + DeviceAuthorizations + Attempts + Devices + StatusBits + StatusLists + Deliveries + AuditEvents;
}
