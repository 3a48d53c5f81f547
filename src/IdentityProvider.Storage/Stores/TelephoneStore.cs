using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

/// <summary>A token of Identity's beside the account.</summary>
internal sealed class TelephoneStore(IDatabase database) : ITelephoneStore
{
    private static readonly Statement SetProfile = new(
        """
        UPDATE accounts SET phone_number = $2, phone_number_confirmed = TRUE, updated_at = $3, security_stamp = $4, concurrency_stamp = $4
        WHERE id = $1 AND NOT disabled AND COALESCE(security_stamp, '') = $5
        """,
        SqlType.Text, SqlType.Text, SqlType.Time, SqlType.Text, SqlType.Text);

    private static readonly Statement Set = new(
        """
        INSERT INTO account_tokens (user_id, login_provider, name, value) VALUES ($1, $2, $3, $4)
        ON CONFLICT (user_id, login_provider, name) DO UPDATE SET value = excluded.value
        """,
        SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Text);

    private static readonly Statement Remove = new(
        """
        DELETE FROM account_tokens WHERE user_id = $1 AND login_provider = $2 AND name = $3
          AND EXISTS (SELECT 1 FROM accounts WHERE id = $1 AND security_stamp = $4)
        """,
        SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Text);

    public Task<bool> TrySetAsync(
        string accountId, string number, StampRenewal stamp, ChangeRecord record, CancellationToken cancellationToken) =>
        database.TryWriteAsync(
            SetProfile.With(accountId, number, record.Entry.At, stamp.Fresh, stamp.Known),
            [Set.With(accountId, TelephoneFactor.Provider, TelephoneFactor.Name, number), .. ChangeRecordStore.Adding(record)],
            cancellationToken);

    public Task<bool> TryRemoveAsync(string accountId, StampRenewal stamp, ChangeRecord record, CancellationToken cancellationToken) =>
        database.TryWriteAsync(
            [
                AccountStateStore.RenewingStamp(accountId, stamp),
                Remove.With(accountId, TelephoneFactor.Provider, TelephoneFactor.Name, stamp.Fresh),
            ],
            [.. ChangeRecordStore.Adding(record)],
            cancellationToken);
}
