using IdentityProvider.Accounts;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class AccountStateStore(IDatabase database) : IAccountStateStore
{
    private static readonly Statement Disable = new(
        "UPDATE accounts SET disabled = TRUE, disabled_at = $2 WHERE id = $1 AND NOT disabled", SqlType.Text, SqlType.Time);

    private static readonly Statement Enable = new(
        "UPDATE accounts SET disabled = FALSE, disabled_at = NULL WHERE id = $1 AND disabled", SqlType.Text);

    private static readonly Statement SignedIn = new(
        """
        UPDATE accounts SET
            access_failed_count = 0,
            lockout_end = NULL,
            last_sign_in_at = CASE WHEN last_sign_in_at >= $2 THEN last_sign_in_at ELSE $2 END
        WHERE id = $1
        """,
        SqlType.Text, SqlType.Time);

    public Task<bool> TryDisableAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.TryWriteAsync(Disable.With(id, now), SessionStore.EndingAllOf(id, now), cancellationToken);

    public async Task<bool> TryEnableAsync(string id, CancellationToken cancellationToken) =>
        await database.WriteAsync(Enable.With(id), cancellationToken) > 0;

    public Task RecordSignInAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(SignedIn.With(id, now), cancellationToken);
}
