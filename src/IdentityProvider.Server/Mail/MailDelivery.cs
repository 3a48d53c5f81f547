using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Outbox;

namespace IdentityProvider.Server.Mail;

/// <summary>Sends the mail of the outbox.</summary>
internal sealed class MailDelivery(
    AccountMail orders, MailReceivers receivers, MailComposer composer, IMailSender sender, AccountLimits limits, TimeProvider clock) : IOutboxHandler
{
    /// <summary>Kinds that anybody can cause, so that a mailbox can be flooded with them.</summary>
    private static readonly AccountMailKind[] AskedFor =
    [
        AccountMailKind.EmailVerification, AccountMailKind.EmailChangeConfirmation, AccountMailKind.PasswordReset,
        AccountMailKind.AccountPaused, AccountMailKind.AlreadyRegistered, AccountMailKind.SignInLink, AccountMailKind.SignInCode,
    ];

    public string Kind => OutboxKinds.Mail;

    public async Task<OutboxAttempt> AttemptAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        if (orders.Open(message) is not { } order)
        {
            return OutboxAttempt.GivenUp("it cannot be opened: the key it was sealed under is gone");
        }

        if (order.ExpiresAt <= clock.GetUtcNow())
        {
            return OutboxAttempt.GivenUp("it expired before it could be sent");
        }

        if (await receivers.FindAsync(order) is not { } receiver)
        {
            return OutboxAttempt.Delivered;
        }

        if (!MimeText.IsAddress(receiver.Address))
        {
            return OutboxAttempt.GivenUp("the address cannot be written to");
        }

        if (message.Attempts == 1 && AskedFor.Contains(order.Kind) && (await limits.TryMailToAsync(receiver.Address, cancellationToken)).Refusal is not null)
        {
            return OutboxAttempt.GivenUp("Limits:mails_per_receiver is reached");
        }

        var attempt = await sender.SendAsync(composer.Compose(message, order, receiver), cancellationToken);
        return new OutboxAttempt(attempt.Problem, attempt.IsHopeless);
    }
}
