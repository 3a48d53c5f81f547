namespace IdentityProvider.Protocol.Outbox;

/// <summary>
/// The outbox. Logout notices are added by the stores whose transactions they belong to. Each verb is one durable transaction.
/// </summary>
public interface IOutboxStore
{
    /// <summary>Queues a message of its own: it is not lost once this has answered.</summary>
    Task AddAsync(OutboxMessage message, CancellationToken cancellationToken);

    /// <summary>Messages whose time has come, oldest first, and of one client (or of all mail) only a few, so that a dead receiver keeps nobody waiting.</summary>
    Task<IReadOnlyList<OutboxMessage>> ListDueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the message for one attempt; <paramref name="until"/> is when others may take it again, should we vanish. At most one caller in
    /// the cluster is told true for an attempt.
    /// </summary>
    Task<bool> TryClaimAsync(OutboxMessage message, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Ends the attempt that was claimed, and takes the payload away. Nothing is changed when somebody else has taken the message since.</summary>
    /// <param name="message">As it was claimed: <see cref="OutboxMessage.Attempts"/> counts this attempt.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    Task MarkDeliveredAsync(OutboxMessage message, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>As <see cref="MarkDeliveredAsync"/>, for an attempt that failed.</summary>
    /// <param name="message">As it was claimed.</param>
    /// <param name="error">One line for the operator; cut to <see cref="OutboxMessage.MaxErrorLength"/>.</param>
    /// <param name="nextAttemptAt">Null gives it up.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    Task MarkFailedAsync(
        OutboxMessage message, string error, DateTimeOffset? nextAttemptAt, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Messages in one state, newest first.</summary>
    Task<IReadOnlyList<OutboxMessage>> ListAsync(OutboxState state, int limit, CancellationToken cancellationToken);

    /// <summary>Lets a message that was given up be tried from the beginning. False when there is none with that id.</summary>
    Task<bool> TryRetryAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>What an operator can ask for.</summary>
public enum OutboxState
{
    Any,

    /// <summary>Waiting for its first or next attempt.</summary>
    Pending,

    Delivered,

    /// <summary>Given up.</summary>
    Dead,
}
