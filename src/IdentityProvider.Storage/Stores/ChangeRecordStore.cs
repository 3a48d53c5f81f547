using IdentityProvider.Accounts.Changes;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class ChangeRecordStore(IDatabase database) : IChangeRecordStore
{
    /// <summary>What writes a record; at the end of the transaction that makes the change.</summary>
    public static IEnumerable<SqlCall> Adding(ChangeRecord record) => [AuditTrail.Appending(record.Entry), .. record.Mails.Select(OutboxStore.Adding)];

    public Task AddAsync(ChangeRecord record, CancellationToken cancellationToken) =>
        database.WriteAllAsync([.. Adding(record)], cancellationToken);
}
