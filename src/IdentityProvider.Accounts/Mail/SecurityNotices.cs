namespace IdentityProvider.Accounts.Mail;

/// <summary>Tells a person what was changed about their account, so that who did not do it themselves learns of it (NIST SP 800-63B-4 §4.6).</summary>
public sealed class SecurityNotices(IAccountMail mail)
{
    /// <param name="kind">One of the kinds that are told afterwards.</param>
    /// <param name="account">As it is now; without a mail address nothing is queued.</param>
    /// <param name="subject">What the text names; null where it names nothing.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task TellAsync(AccountMailKind kind, Account account, string? subject, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        return TellAtAsync(kind, account, account.Email, subject, cancellationToken);
    }

    /// <summary>Both addresses are told: the old one may be the only one its owner still reads.</summary>
    /// <param name="account">As it is now.</param>
    /// <param name="oldAddress">Null when there was none.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task TellEmailChangedAsync(Account account, string? oldAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        return Task.WhenAll(
            TellAtAsync(AccountMailKind.EmailChanged, account, oldAddress, account.Email, cancellationToken),
            TellAtAsync(AccountMailKind.EmailChanged, account, account.Email, account.Email, cancellationToken));
    }

    private Task TellAtAsync(AccountMailKind kind, Account account, string? address, string? subject, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(address)
            ? Task.CompletedTask
            : mail.QueueAsync(new MailOrder(kind) { AccountId = account.Id, Address = address, Subject = subject }, cancellationToken);
}
