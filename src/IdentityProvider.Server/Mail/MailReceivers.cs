using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.SignIn;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Server.Mail;

/// <summary>
/// Finds whom a mail is for and what link it bears, when it is sent and not where it was asked for: so nobody who asks learns from answer or time
/// whether there was anything to send.
/// </summary>
internal sealed class MailReceivers(IServiceScopeFactory scopes, IAccountLinks links)
{
    /// <summary>Kinds that make no sense without a button.</summary>
    private static readonly AccountMailKind[] WithLink =
    [
        AccountMailKind.EmailVerification, AccountMailKind.EmailChangeConfirmation, AccountMailKind.PasswordReset,
        AccountMailKind.AccountPaused, AccountMailKind.Invitation, AccountMailKind.SignInLink,
    ];

    /// <summary>Null when there is nobody to tell, or nothing.</summary>
    public async Task<MailReceiver?> FindAsync(MailOrder order)
    {
        var account = await FindAccountAsync(order);
        if (NeedsAccount(order) && account is not { Disabled: false })
        {
            return null;
        }

        var link = order.Link ?? (account is null ? null : links.MakeFor(order, account));
        return (order.Address ?? account?.Email) is { Length: > 0 } address && (link is not null || !WithLink.Contains(order.Kind))
            ? new MailReceiver(address, account, link)
            : null;
    }

    /// <summary>
    /// Whether there is nothing to say without it. What was changed is told all the same: who took over an account could else keep its owner from
    /// learning of it by disabling or deleting it before the mail is sent.
    /// </summary>
    private static bool NeedsAccount(MailOrder order) => (order.AccountId ?? order.TypedName) is not null && !order.Kind.IsNotice();

    private async Task<Account?> FindAccountAsync(MailOrder order)
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

/// <summary>Whom a mail is for.</summary>
/// <param name="Address">Where it goes.</param>
/// <param name="Account">Null when there is none, or none any more.</param>
/// <param name="Link">What its button opens: path and query under the issuer; null without one.</param>
internal sealed record MailReceiver(string Address, Account? Account, string? Link);
