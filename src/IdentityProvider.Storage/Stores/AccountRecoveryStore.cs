using System.Data.Common;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Recovery;
using IdentityProvider.Storage.Statements;
using Npgsql;

namespace IdentityProvider.Storage.Stores;

internal sealed class AccountRecoveryStore(IDatabase database) : IAccountRecoveryStore
{
    /// <summary>The account as it was read. Null and empty are the same here: neither can be proved.</summary>
    private const string Unchanged =
        "id = $1 AND COALESCE(security_stamp, '') = $2 AND COALESCE(password_hash, '') = $3 AND COALESCE(normalized_email, '') = $4 AND NOT disabled";

    // A new concurrency stamp: an entity that was read before and is saved after must not bring the old values back.
    private static readonly Statement SetPassword = new(
        $"""
         UPDATE accounts SET password_hash = $5, security_stamp = $6, concurrency_stamp = $6, access_failed_count = 0, lockout_end = NULL,
             email_confirmed = email_confirmed OR $7
         WHERE {Unchanged}
         """,
        SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Bool);

    private static readonly Statement ConfirmEmail = new(
        """
        UPDATE accounts SET email_confirmed = TRUE, updated_at = $3, concurrency_stamp = $4
        WHERE id = $1 AND normalized_email = $2 AND NOT email_confirmed AND NOT disabled
        """,
        SqlType.Text, SqlType.Text, SqlType.Time, SqlType.Text);

    private static readonly Statement ChangeEmail = new(
        $"""
         UPDATE accounts SET
             user_name = CASE WHEN normalized_user_name = normalized_email THEN $5 ELSE user_name END,
             normalized_user_name = CASE WHEN normalized_user_name = normalized_email THEN $6 ELSE normalized_user_name END,
             email = $5, normalized_email = $6, email_confirmed = TRUE, updated_at = $7, security_stamp = $8, concurrency_stamp = $8
         WHERE {Unchanged}
           AND NOT EXISTS (SELECT 1 FROM accounts other WHERE other.id <> $1 AND (other.normalized_email = $6 OR other.normalized_user_name = $6))
         """,
        SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Time, SqlType.Text);

    private static readonly Statement EndPause = new(
        """
        UPDATE accounts SET access_failed_count = 0, lockout_end = NULL
        WHERE id = $1 AND access_failed_count = $2 AND access_failed_count > 0 AND NOT disabled
        """,
        SqlType.Text, SqlType.Int32);

    public Task<bool> TrySetPasswordAsync(
        Account account, string passwordHash, string stamp, bool provesEmail, ChangeRecord record, CancellationToken cancellationToken) =>
        database.TryWriteAsync(
            SetPassword.With([.. Known(account), passwordHash, stamp, provesEmail]),
            [.. SessionStore.EndingAllOf(account.Id, record.Entry.At), .. ChangeRecordStore.Adding(record)],
            cancellationToken);

    public Task<bool> TryConfirmEmailAsync(Account account, ChangeRecord record, CancellationToken cancellationToken) =>
        database.TryWriteAsync(
            ConfirmEmail.With(account.Id, account.NormalizedEmail, record.Entry.At, Account.NewStamp()),
            [.. ChangeRecordStore.Adding(record)],
            cancellationToken);

    public async Task<bool> TryChangeEmailAsync(
        Account account, string email, string normalizedEmail, ChangeRecord record, CancellationToken cancellationToken)
    {
        try
        {
            var call = ChangeEmail.With([.. Known(account), email, normalizedEmail, record.Entry.At, Account.NewStamp()]);
            return await database.TryWriteAsync(call, [.. ChangeRecordStore.Adding(record)], cancellationToken);
        }
        catch (DbException exception) when (string.Equals(exception.SqlState, PostgresErrorCodes.UniqueViolation, StringComparison.Ordinal))
        {
            // Two accounts took the address at the same moment; the index decided. SQLite has one writer, who has just looked.
            return false;
        }
    }

    public Task<bool> TryEndPauseAsync(Account account, ChangeRecord record, CancellationToken cancellationToken) =>
        database.TryWriteAsync(EndPause.With(account.Id, account.AccessFailedCount), [.. ChangeRecordStore.Adding(record)], cancellationToken);

    private static object?[] Known(Account account) =>
        [account.Id, account.SecurityStamp ?? string.Empty, account.PasswordHash ?? string.Empty, account.NormalizedEmail ?? string.Empty];
}
