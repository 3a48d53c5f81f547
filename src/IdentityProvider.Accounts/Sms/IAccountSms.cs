namespace IdentityProvider.Accounts.Sms;

/// <summary>Text messages to people. Queued durably and sent by whichever node comes first.</summary>
public interface IAccountSms
{
    /// <summary>Whether the operator said how they are sent. While false, <see cref="QueueAsync"/> drops what it is given.</summary>
    bool IsAvailable { get; }

    /// <summary>Queues one message: one durable write. What is in the order is sealed in the database and taken away once it is sent.</summary>
    Task QueueAsync(SmsOrder order, CancellationToken cancellationToken);
}

/// <summary>A code to be sent to a telephone.</summary>
/// <param name="To">E.164, with the plus.</param>
/// <param name="Code">What is to be typed.</param>
/// <param name="ExpiresAt">After this time it is not sent any more.</param>
/// <param name="Language">Of the person, as a tag.</param>
public sealed record SmsOrder(string To, string Code, DateTimeOffset ExpiresAt, string Language);
