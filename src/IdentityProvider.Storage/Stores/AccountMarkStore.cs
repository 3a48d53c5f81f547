using IdentityProvider.Accounts;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class AccountMarkStore(IDatabase database) : IAccountMarkStore
{
    private static readonly Statement Find = new(
        """
        SELECT accounts.user_name FROM account_claims JOIN accounts ON accounts.id = account_claims.user_id
        WHERE account_claims.claim_type = $1 AND account_claims.claim_value = $2 ORDER BY accounts.user_name
        """,
        SqlType.Text, SqlType.Text);

    public Task<IReadOnlyList<string>> FindMarkedAsync(string type, string value, CancellationToken cancellationToken) =>
        database.ListAsync(Find.With(type, value), row => row.TextOrNull(0) ?? "without a name", cancellationToken);
}
