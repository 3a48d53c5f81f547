using IdentityProvider.Protocol.Outbox;

namespace IdentityProvider.Server.Mail;

/// <summary>Sends what tells of changes, as <see cref="MailDelivery"/> sends the rest.</summary>
internal sealed class NoticeDelivery(MailDelivery mail) : IOutboxHandler
{
    public string Kind => OutboxKinds.Notice;

    public Task<OutboxAttempt> AttemptAsync(OutboxMessage message, CancellationToken cancellationToken) =>
        mail.AttemptAsync(message, cancellationToken);
}
