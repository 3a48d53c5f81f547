using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class RecoveryCodeStore(IDatabase database) : IRecoveryCodeStore
{
    private static readonly Statement Count = new(
        "SELECT count(*) FROM recovery_codes WHERE account_id = $1 AND used_at IS NULL", SqlType.Text);

    private static readonly Statement RemoveAll = new("DELETE FROM recovery_codes WHERE account_id = $1", SqlType.Text);

    private static readonly Statement Add = new(
        "INSERT INTO recovery_codes (account_id, hash, created_at) VALUES ($1, $2, $3)", SqlType.Text, SqlType.Bytes, SqlType.Time);

    private static readonly Statement Use = new(
        "UPDATE recovery_codes SET used_at = $3 WHERE account_id = $1 AND hash = $2 AND used_at IS NULL",
        SqlType.Text, SqlType.Bytes, SqlType.Time);

    public async Task<int> CountAsync(string accountId, CancellationToken cancellationToken) =>
        (int)(await database.ListAsync(Count.With(accountId), row => row.Int64(0), cancellationToken))[0];

    /// <summary>What puts codes in the place of all that were there; for those who have locked the account.</summary>
    public static IEnumerable<SqlCall> Replacing(string accountId, IReadOnlyCollection<ReadOnlyMemory<byte>> hashes, DateTimeOffset now) =>
        [RemoveAll.With(accountId), .. hashes.Select(hash => Add.With(accountId, hash, now))];

    // Two at once: the second waits for the account and then finds the stamp of the first.
    public Task<bool> TryReplaceAsync(
        string accountId,
        IReadOnlyCollection<ReadOnlyMemory<byte>> hashes,
        StampRenewal stamp,
        ChangeRecord record,
        CancellationToken cancellationToken) =>
        database.TryWriteAsync(
            AccountStateStore.RenewingStamp(accountId, stamp),
            [.. Replacing(accountId, hashes, record.Entry.At), .. ChangeRecordStore.Adding(record)],
            cancellationToken);

    public Task<bool> TryUseAsync(string accountId, ReadOnlyMemory<byte> hash, ChangeRecord record, CancellationToken cancellationToken) =>
        database.TryWriteAsync(Use.With(accountId, hash, record.Entry.At), [.. ChangeRecordStore.Adding(record)], cancellationToken);
}
