using IdentityProvider.Protocol.Configuration;

namespace IdentityProvider.Protocol.Outbox;

/// <summary>Delivers one kind of message. Called by any number of nodes; each attempt belongs to one of them.</summary>
public interface IOutboxHandler
{
    /// <summary>A word of <see cref="OutboxKinds"/>.</summary>
    string Kind { get; }

    /// <summary>One attempt. Must end well before <see cref="DeliveryOptions.AttemptTime"/> is over, for then another node begins the next.</summary>
    Task<OutboxAttempt> AttemptAsync(OutboxMessage message, CancellationToken cancellationToken);
}

/// <summary>How an attempt ended.</summary>
/// <param name="Problem">Null when it reached its receiver; else why not, one line for the operator.</param>
/// <param name="IsHopeless">Whether another attempt could not do better.</param>
public sealed record OutboxAttempt(string? Problem, bool IsHopeless = false)
{
    public static OutboxAttempt Delivered { get; } = new(Problem: null);

    public static OutboxAttempt GivenUp(string problem) => new(problem, IsHopeless: true);
}
