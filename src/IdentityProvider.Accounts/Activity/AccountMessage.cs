namespace IdentityProvider.Accounts.Activity;

/// <summary>A mail or text message about an account.</summary>
/// <param name="Kind">A word of <see cref="Protocol.Outbox.OutboxKinds"/>.</param>
/// <param name="QueuedAt">When it was asked for.</param>
/// <param name="SentAt">Null while it waits, or when it was given up.</param>
public sealed record AccountMessage(string Kind, DateTimeOffset QueuedAt, DateTimeOffset? SentAt);
