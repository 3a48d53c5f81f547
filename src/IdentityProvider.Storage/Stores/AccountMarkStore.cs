using IdentityProvider.Accounts;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class AccountMarkStore(IDatabase database) : IAccountMarkStore
{
    private static readonly Statement Marked = new(
        """
        SELECT accounts.user_name FROM account_claims JOIN accounts ON accounts.id = account_claims.user_id
        WHERE account_claims.claim_type = $1 AND account_claims.claim_value = $2 ORDER BY accounts.user_name
        """,
        SqlType.Text, SqlType.Text);

    private static readonly Statement Named = new(
        """
        SELECT accounts.id, accounts.disabled, accounts.requires_second_factor, account_tokens.name, account_tokens.value, account_claims.claim_type
        FROM accounts
        LEFT JOIN account_tokens ON account_tokens.user_id = accounts.id AND account_tokens.login_provider = $2
        LEFT JOIN account_claims ON account_claims.user_id = accounts.id
        WHERE accounts.normalized_user_name = $1
        """,
        SqlType.Text, SqlType.Text);

    public Task<IReadOnlyList<string>> FindMarkedAsync(string type, string value, CancellationToken cancellationToken) =>
        database.ListAsync(Marked.With(type, value), row => row.TextOrNull(0) ?? "without a name", cancellationToken);

    public async Task<MarkedAccount?> FindAsync(string normalizedUserName, string tokenProvider, CancellationToken cancellationToken)
    {
        // Each token with each mark.
        var rows = await database.ListAsync(
            Named.With(normalizedUserName, tokenProvider),
            row => (Account: ReadAccount(row), Token: row.TextOrNull(3), Value: row.TextOrNull(4), Mark: row.TextOrNull(5)),
            cancellationToken);
        if (rows.Count == 0)
        {
            return null;
        }

        var tokens = rows.Where(row => row is { Token: not null, Value: not null }).DistinctBy(row => row.Token, StringComparer.Ordinal)
            .ToDictionary(row => row.Token!, row => row.Value!, StringComparer.Ordinal);
        return new MarkedAccount(rows[0].Account, tokens, [.. rows.Select(row => row.Mark).OfType<string>().Distinct(StringComparer.Ordinal)]);
    }

    private static Account ReadAccount(Row row) => new()
    {
        Id = row.Text(0),
        Disabled = row.Bool(1),
        RequiresSecondFactor = row.Bool(2),
    };
}
