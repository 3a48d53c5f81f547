using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

/// <summary>Identity's table of logins. Its primary key is provider and key, so an identity has one account.</summary>
internal sealed class LinkedIdentityStore(IDatabase database) : ILinkedIdentityStore
{
    private static readonly Statement Find = new(
        "SELECT user_id FROM account_logins WHERE login_provider = $1 AND provider_key = $2", SqlType.Text, SqlType.Text);

    private static readonly Statement List = new(
        """
        SELECT login_provider, provider_key, provider_display_name FROM account_logins WHERE user_id = $1
        ORDER BY login_provider, provider_display_name, provider_key
        """,
        SqlType.Text);

    // Locked: who waits for a deletion finds no account then, where the key would fail, and who waits for a reset of the password another stamp.
    private static readonly Statement Add = new(
        """
        INSERT INTO account_logins (user_id, login_provider, provider_key, provider_display_name)
        SELECT id, $2, $3, $4 FROM accounts WHERE id = $1 AND NOT disabled AND COALESCE(security_stamp, '') = $5
        ON CONFLICT (login_provider, provider_key) DO NOTHING
        """,
        """
        INSERT INTO account_logins (user_id, login_provider, provider_key, provider_display_name)
        SELECT id, $2, $3, $4 FROM accounts WHERE id = $1 AND NOT disabled AND COALESCE(security_stamp, '') = $5 FOR SHARE
        ON CONFLICT (login_provider, provider_key) DO NOTHING
        """,
        SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Text);

    /// <summary>Takes the lock on the account, so that the statement after it sees what others have removed.</summary>
    private static readonly Statement Lock = new("UPDATE accounts SET concurrency_stamp = concurrency_stamp WHERE id = $1", SqlType.Text);

    // $4 the providers of which one must stay, each between blanks; NULL when none need. Their names hold no wildcards.
    private static readonly Statement Remove = new(
        """
        DELETE FROM account_logins WHERE user_id = $1 AND login_provider = $2 AND provider_key = $3 AND ($4 IS NULL OR EXISTS (
            SELECT 1 FROM account_logins other WHERE other.user_id = $1
            AND (other.login_provider <> $2 OR other.provider_key <> $3) AND $4 LIKE '% ' || other.login_provider || ' %'))
        """,
        SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Text);

    public Task<string?> FindAccountAsync(string providerId, string key, CancellationToken cancellationToken) =>
        database.FindAsync(Find.With(providerId, key), static row => row.Text(0), cancellationToken);

    public Task<IReadOnlyList<LinkedIdentity>> ListAsync(string accountId, CancellationToken cancellationToken) =>
        database.ListAsync(
            List.With(accountId), static row => new LinkedIdentity(row.Text(0), row.Text(1), row.TextOrNull(2)), cancellationToken);

    public Task<bool> TryAddAsync(
        string accountId, string stamp, LinkedIdentity identity, ChangeRecord record, CancellationToken cancellationToken) =>
        database.TryWriteAsync(
            Add.With(accountId, identity.ProviderId, identity.Key, identity.Label, stamp), [.. ChangeRecordStore.Adding(record)], cancellationToken);

    public async Task<bool> TryRemoveAsync(
        string accountId,
        string providerId,
        string key,
        IReadOnlyList<string>? usable,
        ChangeRecord record,
        CancellationToken cancellationToken)
    {
        var stays = usable is null ? null : $" {string.Join(' ', usable)} ";
        return await database.TryWriteAsync(
                [Lock.With(accountId), Remove.With(accountId, providerId, key, stays)], [.. ChangeRecordStore.Adding(record)], cancellationToken)
            || await FindAccountAsync(providerId, key, cancellationToken) is null;
    }
}
