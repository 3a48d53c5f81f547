using IdentityProvider.Accounts.Changes;
using IdentityProvider.Protocol.Outbox;

namespace IdentityProvider.Accounts;

/// <summary>Switches accounts off and on, and deletes them. Each verb is one durable transaction.</summary>
public interface IAccountStateStore
{
    /// <summary>
    /// Disables the account, ends all its sessions and grants and sets their status bits. False when there is no such account or it
    /// is disabled already.
    /// </summary>
    /// <param name="id">Of the account.</param>
    /// <param name="record">Written with it; null where nobody is told, because an operator did it.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<bool> TryDisableAsync(string id, ChangeRecord? record, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Enables the account again; what ended stays ended. False when there is no such account or it is enabled already.</summary>
    Task<bool> TryEnableAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the account for good: ends all its sessions and grants, sets their status bits, queues the logout notices and erases what is
    /// personal, in one transaction. Its security events stay, with its id and without addresses, and the deletion becomes one of them; mail that
    /// tells of changes is sent yet (<see cref="OutboxKinds.Notice"/>). One caller in the cluster is told true.
    /// </summary>
    /// <param name="id">Of the account.</param>
    /// <param name="farewell">The mail that tells of it, queued in the same transaction; names the account by its address only. Null for none.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<bool> TryDeleteAsync(string id, OutboxMessage? farewell, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Notes the time of a successful sign-in and sets the failures in a row back to none. One statement.</summary>
    Task RecordSignInAsync(string id, DateTimeOffset now, CancellationToken cancellationToken);
}
