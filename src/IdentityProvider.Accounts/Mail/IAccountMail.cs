using IdentityProvider.Protocol.Outbox;

namespace IdentityProvider.Accounts.Mail;

/// <summary>Mail to people. Queued durably and sent by whichever node comes first; who queues never waits for a mail server.</summary>
public interface IAccountMail
{
    /// <summary>Whether the operator said how mail is sent. While false, <see cref="QueueAsync"/> drops what it is given.</summary>
    bool IsAvailable { get; }

    /// <summary>
    /// Queues one mail: one durable write, the same for every order. What is in the order is sealed in the database and taken away once
    /// the mail is sent.
    /// </summary>
    Task QueueAsync(MailOrder order, CancellationToken cancellationToken);

    /// <summary>
    /// The row that <see cref="QueueAsync"/> would write, for a store that writes it in the transaction of what the mail tells of. Null while no mail is
    /// sent.
    /// </summary>
    OutboxMessage? Write(MailOrder order);
}
