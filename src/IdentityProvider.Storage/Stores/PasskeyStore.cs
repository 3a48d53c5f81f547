using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Passkeys;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class PasskeyStore(IDatabase database) : IPasskeyStore
{
    private const string Columns =
        "id, credential_id, account_id, name, public_key, sign_count, transports, is_backup_eligible, is_backed_up, created_at, last_used_at";

    private static readonly Statement Find = new($"SELECT {Columns} FROM account_passkeys WHERE credential_id = $1", SqlType.Bytes);

    private static readonly Statement List = new(
        $"SELECT {Columns} FROM account_passkeys WHERE account_id = $1 ORDER BY id", SqlType.Text);

    /// <summary>Takes the lock on the account, so that the statement after it counts what others have added and removed.</summary>
    private static readonly Statement Lock = new("UPDATE accounts SET concurrency_stamp = concurrency_stamp WHERE id = $1", SqlType.Text);

    private static readonly Statement Add = new(
        $"""
         INSERT INTO account_passkeys ({Columns}) SELECT $1, $2, id, $4, $5, $6, $7, $8, $9, $10, NULL FROM accounts
         WHERE id = $3 AND NOT disabled AND COALESCE(security_stamp, '') = $12
           AND (SELECT count(*) FROM account_passkeys WHERE account_id = $3) < $11
         ON CONFLICT (credential_id) DO NOTHING
         """,
        SqlType.Guid, SqlType.Bytes, SqlType.Text, SqlType.Text, SqlType.Bytes, SqlType.Int64, SqlType.Text, SqlType.Bool, SqlType.Bool,
        SqlType.Time, SqlType.Int32, SqlType.Text);

    private static readonly Statement Use = new(
        """
        UPDATE account_passkeys SET sign_count = $2, is_backed_up = $3, last_used_at = $4
        WHERE id = $1 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0))
        """,
        SqlType.Guid, SqlType.Int64, SqlType.Bool, SqlType.Time);

    private static readonly Statement Rename = new(
        "UPDATE account_passkeys SET name = $3 WHERE account_id = $1 AND id = $2", SqlType.Text, SqlType.Guid, SqlType.Text);

    private static readonly Statement Remove = new(
        """
        DELETE FROM account_passkeys WHERE account_id = $1 AND id = $2 AND (
            EXISTS (SELECT 1 FROM account_passkeys other WHERE other.account_id = $1 AND other.id <> $2)
            OR EXISTS (SELECT 1 FROM accounts WHERE accounts.id = $1 AND COALESCE(password_hash, '') <> ''))
        """,
        SqlType.Text, SqlType.Guid);

    public Task<Passkey?> FindAsync(ReadOnlyMemory<byte> credentialId, CancellationToken cancellationToken) =>
        database.FindAsync(Find.With(credentialId.ToArray()), Read, cancellationToken);

    public Task<IReadOnlyList<Passkey>> ListAsync(string accountId, CancellationToken cancellationToken) =>
        database.ListAsync(List.With(accountId), Read, cancellationToken);

    public Task<bool> TryAddAsync(Passkey passkey, string stamp, int most, ChangeRecord record, CancellationToken cancellationToken)
    {
        var call = Add.With(
            passkey.Id, passkey.CredentialId.ToArray(), passkey.AccountId, passkey.Name, passkey.PublicKey.ToArray(), (long)passkey.SignCount,
            string.Join(' ', passkey.Transports), passkey.IsBackupEligible, passkey.IsBackedUp, passkey.CreatedAt, most, stamp);
        return database.TryWriteAsync([Lock.With(passkey.AccountId), call], [.. ChangeRecordStore.Adding(record)], cancellationToken);
    }

    public async Task<bool> TryUseAsync(
        Guid id, uint signCount, bool isBackedUp, DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.WriteAsync(Use.With(id, (long)signCount, isBackedUp, now), cancellationToken) > 0;

    public async Task<bool> TryRenameAsync(string accountId, Guid id, string name, CancellationToken cancellationToken) =>
        await database.WriteAsync(Rename.With(accountId, id, name), cancellationToken) > 0;

    public Task<bool> TryRemoveAsync(string accountId, Guid id, ChangeRecord record, CancellationToken cancellationToken) =>
        database.TryWriteAsync(
            [Lock.With(accountId), Remove.With(accountId, id)], [.. ChangeRecordStore.Adding(record)], cancellationToken);

    private static Passkey Read(Row row) => new()
    {
        Id = row.Guid(0),
        CredentialId = row.Bytes(1),
        AccountId = row.Text(2),
        Name = row.Text(3),
        PublicKey = row.Bytes(4),
        SignCount = (uint)row.Int64(5),
        Transports = row.Words(6),
        IsBackupEligible = row.Bool(7),
        IsBackedUp = row.Bool(8),
        CreatedAt = row.Time(9),
        LastUsedAt = row.TimeOrNull(10),
    };
}
