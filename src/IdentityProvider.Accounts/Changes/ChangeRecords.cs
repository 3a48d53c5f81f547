using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Outbox;

namespace IdentityProvider.Accounts.Changes;

/// <summary>
/// Makes what is written down of an account's changes, and what its person is told, so that who did not make them learns of them (NIST SP 800-63B-4
/// §4.6).
/// </summary>
public sealed class ChangeRecords(IAccountMail mail, IChangeRecordStore store, TimeProvider clock)
{
    /// <summary>Writes a record of its own, where no store has anything to change with it.</summary>
    public Task AddAsync(ChangeRecord record, CancellationToken cancellationToken) => store.AddAsync(record, cancellationToken);

    /// <summary>For the history alone.</summary>
    /// <param name="type">A word of <see cref="AuditEventTypes"/>.</param>
    /// <param name="subject">The account's id; null when it is not known.</param>
    /// <param name="remoteAddress">From where.</param>
    /// <param name="detail">One line for the operator.</param>
    public ChangeRecord Note(string type, string? subject, string? remoteAddress, string? detail = null) =>
        Write(type, subject, remoteAddress, detail, []);

    /// <summary>
    /// A failed sign-in for the history, and the mail by which its person ends the pause if this begins it. The same work whether there is an account.
    /// </summary>
    public ChangeRecord NoteFailure(Account? account, string? remoteAddress, string detail)
    {
        var record = Note(AuditEventTypes.SignInFailed, account?.Id, remoteAddress, detail);
        return With(record, new MailOrder(AccountMailKind.AccountPaused) { AccountId = account?.Id });
    }

    /// <summary>A new account for the history, and the mail by which its person proves the address, unless they have.</summary>
    /// <param name="account">About to be stored.</param>
    /// <param name="remoteAddress">From where.</param>
    /// <param name="language">Of the mail, a tag; null: English.</param>
    /// <param name="detail">One line for the operator.</param>
    public ChangeRecord NoteCreation(Account account, string? remoteAddress, string? language = null, string? detail = null)
    {
        ArgumentNullException.ThrowIfNull(account);
        var record = Note(AuditEventTypes.AccountCreated, account.Id, remoteAddress, detail);
        return account.EmailConfirmed || account.Email is null
            ? record
            : With(record, new MailOrder(AccountMailKind.EmailVerification) { AccountId = account.Id, Language = language });
    }

    /// <summary>For the history, and told to the account's address.</summary>
    /// <param name="type">A word of <see cref="AuditEventTypes"/>.</param>
    /// <param name="kind">One of the kinds that are told afterwards.</param>
    /// <param name="account">Without a mail address nobody is told.</param>
    /// <param name="remoteAddress">From where.</param>
    /// <param name="detail">One line for the operator.</param>
    /// <param name="subject">What the mail names; null where it names nothing.</param>
    public ChangeRecord Tell(
        string type, AccountMailKind kind, Account account, string? remoteAddress, string? detail = null, string? subject = null)
    {
        ArgumentNullException.ThrowIfNull(account);
        return Write(
            type, account.Id, remoteAddress, detail, [new MailOrder(kind) { AccountId = account.Id, Address = account.Email, Subject = subject }]);
    }

    /// <summary>Both addresses are told: the old one may be the only one its owner still reads.</summary>
    /// <param name="account">As it was before.</param>
    /// <param name="address">The new one.</param>
    /// <param name="remoteAddress">From where.</param>
    public ChangeRecord TellEmailChanged(Account account, string address, string? remoteAddress)
    {
        ArgumentNullException.ThrowIfNull(account);
        var order = new MailOrder(AccountMailKind.EmailChanged) { AccountId = account.Id, Subject = address };
        return Write(
            AuditEventTypes.EmailChanged, account.Id, remoteAddress, detail: null,
            [order with { Address = account.Email }, order with { Address = address }]);
    }

    /// <summary>Told without the account's id, by which it is not found any more.</summary>
    /// <param name="type">A word of <see cref="AuditEventTypes"/>.</param>
    /// <param name="kind">One of the kinds that are told afterwards.</param>
    /// <param name="account">As it was before.</param>
    /// <param name="language">Of the mail, a tag: nothing else is left to tell it by.</param>
    /// <param name="remoteAddress">From where.</param>
    public ChangeRecord TellClosed(string type, AccountMailKind kind, Account account, string language, string? remoteAddress)
    {
        ArgumentNullException.ThrowIfNull(account);
        return Write(
            type, account.Id, remoteAddress, "by its person", [new MailOrder(kind) { Address = account.Email, Language = language }]);
    }

    /// <summary>Without an address in the order: where it goes to is found out when it is sent.</summary>
    private ChangeRecord With(ChangeRecord record, MailOrder order) => mail.Write(order) is { } told ? record with { Mails = [told] } : record;

    private ChangeRecord Write(string type, string? subject, string? remoteAddress, string? detail, MailOrder[] orders)
    {
        var entry = new AuditEvent
        {
            Type = type,
            At = clock.GetUtcNow(),
            Subject = subject,
            RemoteAddress = remoteAddress,
            Detail = detail,
        };
        return new ChangeRecord(
            entry, [.. orders.Where(order => !string.IsNullOrEmpty(order.Address)).Select(mail.Write).OfType<OutboxMessage>()]);
    }
}
