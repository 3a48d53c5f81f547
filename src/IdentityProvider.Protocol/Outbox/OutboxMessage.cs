namespace IdentityProvider.Protocol.Outbox;

/// <summary>
/// Something that has to reach somebody else, a client's server or a person's mailbox: a durable row, so a crash loses nothing. A logout
/// notice is written in the transaction of what it tells of, and holds no token; what is sent is made when it is sent.
/// </summary>
public sealed record OutboxMessage
{
    /// <summary>A version 7 UUID: the order of the queue.</summary>
    public required Guid Id { get; init; }

    /// <summary>A word of <see cref="OutboxKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Whom a logout notice is for; null for mail.</summary>
    public string? ClientId { get; init; }

    /// <summary>The session that ended; null for mail.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>The account's id; null where that is found out when it is sent.</summary>
    public string? Subject { get; init; }

    /// <summary>What a handler needs beyond that, sealed; taken away once it is delivered.</summary>
    public string? Payload { get; init; }

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

    /// <summary>A mail to a person.</summary>
    public const string Mail = "mail";

    /// <summary>A mail that tells a person of a change of their account; it outlives the account.</summary>
    public const string Notice = "notice";

    /// <summary>A text message to a person.</summary>
    public const string Sms = "sms";

    /// <summary>An account that was asked for; the answer goes by mail.</summary>
    public const string SignUp = "sign_up";
}
