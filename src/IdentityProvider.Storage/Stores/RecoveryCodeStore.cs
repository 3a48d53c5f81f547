using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class RecoveryCodeStore(IDatabase database) : IRecoveryCodeStore
{
    private static readonly Statement Count = new(
        "SELECT count(*) FROM recovery_codes WHERE account_id = $1 AND used_at IS NULL", SqlType.Text);

    // Two at once: the second waits here and then sees the codes of the first.
    private static readonly Statement Lock = new("UPDATE accounts SET id = id WHERE id = $1", SqlType.Text);

    private static readonly Statement RemoveAll = new("DELETE FROM recovery_codes WHERE account_id = $1", SqlType.Text);

    private static readonly Statement Add = new(
        "INSERT INTO recovery_codes (account_id, hash, created_at) VALUES ($1, $2, $3)", SqlType.Text, SqlType.Bytes, SqlType.Time);

    private static readonly Statement Use = new(
        "UPDATE recovery_codes SET used_at = $3 WHERE account_id = $1 AND hash = $2 AND used_at IS NULL",
        SqlType.Text, SqlType.Bytes, SqlType.Time);

    public async Task<int> CountAsync(string accountId, CancellationToken cancellationToken) =>
        (int)(await database.ListAsync(Count.With(accountId), row => row.Int64(0), cancellationToken))[0];

    public Task ReplaceAsync(
        string accountId, IReadOnlyCollection<ReadOnlyMemory<byte>> hashes, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.TryWriteAsync(
            Lock.With(accountId), [RemoveAll.With(accountId), .. hashes.Select(hash => Add.With(accountId, hash, now))], cancellationToken);

    public async Task<bool> TryUseAsync(
        string accountId, ReadOnlyMemory<byte> hash, DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.WriteAsync(Use.With(accountId, hash, now), cancellationToken) > 0;
}
