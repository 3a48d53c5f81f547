using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Outbox;

namespace IdentityProvider.Accounts.Changes;

/// <summary>
/// What a change of an account leaves besides itself. A store writes it in the transaction of the change, so that there is no change that its
/// person cannot read of. Made by <see cref="ChangeRecords"/>.
/// </summary>
/// <param name="Entry">For the history; its time is that of the change.</param>
/// <param name="Mails">What tells of it; empty where nobody is told, or there is no address.</param>
public sealed record ChangeRecord(AuditEvent Entry, IReadOnlyList<OutboxMessage> Mails);
