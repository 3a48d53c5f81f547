using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Outbox;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Server.Mail;

/// <summary>
/// Sends the mail of the outbox. Whom it is for and what link it bears is found out here and not where it was asked for, so nobody who asks
/// learns from answer or time whether there was anything to send.
/// </summary>
internal sealed class MailDelivery(
    AccountMail orders, IServiceScopeFactory scopes, IAccountLinks links, MailComposer composer, IMailSender sender, AccountLimits limits, TimeProvider clock) : IOutboxHandler
{
    /// <summary>Kinds that make no sense without a button.</summary>
    private static readonly AccountMailKind[] WithLink =
    [
        AccountMailKind.EmailVerification, AccountMailKind.EmailChangeConfirmation, AccountMailKind.PasswordReset,
        AccountMailKind.AccountPaused, AccountMailKind.Invitation, AccountMailKind.SignInLink,
    ];

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

        var account = await FindAsync(order);
        if (NeedsAccount(order) && account is not { Disabled: false })
        {
            return OutboxAttempt.Delivered;
        }

        var link = order.Link ?? (account is null ? null : links.MakeFor(order, account));
        if ((order.Address ?? account?.Email) is not { Length: > 0 } address || (link is null && WithLink.Contains(order.Kind)))
        {
            return OutboxAttempt.Delivered;
        }

        if (!MimeText.IsAddress(address))
        {
            return OutboxAttempt.GivenUp("the address cannot be written to");
        }

        if (message.Attempts == 1 && AskedFor.Contains(order.Kind) && (await limits.TryMailToAsync(address, cancellationToken)).Refusal is not null)
        {
            return OutboxAttempt.GivenUp("Limits:mails_per_receiver is reached");
        }

        var attempt = await sender.SendAsync(composer.Compose(message, order, account, address, link), cancellationToken);
        return new OutboxAttempt(attempt.Problem, attempt.IsHopeless);
    }

    /// <summary>
    /// Whether there is nothing to say without it. What was changed is told all the same: who took over an account could else keep its owner from
    /// learning of it by disabling or deleting it before the mail is sent.
    /// </summary>
    private static bool NeedsAccount(MailOrder order) => (order.AccountId ?? order.TypedName) is not null && !order.Kind.IsNotice();

    private async Task<Account?> FindAsync(MailOrder order)
    {
        await using var scope = scopes.CreateAsyncScope();
        return order switch
        {
            { AccountId: { } id } => await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByIdAsync(id),
            { TypedName: { } name } => await scope.ServiceProvider.GetRequiredService<AccountFinder>().FindAsync(name),
            _ => null,
        };
    }
}
