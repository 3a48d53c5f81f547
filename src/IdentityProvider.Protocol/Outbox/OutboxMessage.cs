namespace IdentityProvider.Protocol.Outbox;

/// <summary>
/// Something that has to reach another server: a row that was written in the transaction of what it tells of, so a crash loses nothing.
/// Holds no token; what is sent is made when it is sent.
/// </summary>
public sealed record OutboxMessage
{
    /// <summary>A version 7 UUID: the order of the queue.</summary>
    public required Guid Id { get; init; }

    /// <summary>A word of <see cref="OutboxKinds"/>.</summary>
    public required string Kind { get; init; }

    public required string ClientId { get; init; }

    /// <summary>The session that ended.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>The account's id.</summary>
    public required string Subject { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is tried next, or, while somebody tries, when they are given up; null when nothing is left to do.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Attempts that were begun.</summary>
    public int Attempts { get; init; }

    /// <summary>Why the last attempt failed: one line, at most <see cref="MaxErrorLength"/> characters.</summary>
    public string? LastError { get; init; }

    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>When it was given up.</summary>
    public DateTimeOffset? DeadAt { get; init; }

    public const int MaxErrorLength = 300;
}

/// <summary>What an outbox row can be.</summary>
public static class OutboxKinds
{
    /// <summary>A logout token for a client: Back-Channel Logout §2.5.</summary>
    public const string BackchannelLogout = "backchannel_logout";
}
