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
        SELECT accounts.id, accounts.email, accounts.email_confirmed, accounts.phone_number, accounts.phone_number_confirmed,
          accounts.claims, accounts.disabled, account_tokens.value, account_claims.claim_type, accounts.requires_second_factor
        FROM accounts
        LEFT JOIN account_tokens ON account_tokens.user_id = accounts.id AND account_tokens.login_provider = $2 AND account_tokens.name = $3
        LEFT JOIN account_claims ON account_claims.user_id = accounts.id
        WHERE accounts.normalized_user_name = $1
        """,
        SqlType.Text, SqlType.Text, SqlType.Text);

    public Task<IReadOnlyList<string>> FindMarkedAsync(string type, string value, CancellationToken cancellationToken) =>
        database.ListAsync(Marked.With(type, value), row => row.TextOrNull(0) ?? "without a name", cancellationToken);

    public async Task<MarkedAccount?> FindAsync(
        string normalizedUserName, string tokenProvider, string tokenName, CancellationToken cancellationToken)
    {
        var rows = await database.ListAsync(
            Named.With(normalizedUserName, tokenProvider, tokenName),
            row => (Account: ReadAccount(row), Token: row.TextOrNull(7), Mark: row.TextOrNull(8)),
            cancellationToken);
        return rows.Count == 0 ? null : new MarkedAccount(rows[0].Account, rows[0].Token, [.. rows.Select(row => row.Mark).OfType<string>()]);
    }

    private static Account ReadAccount(Row row) => new()
    {
        Id = row.Text(0),
        Email = row.TextOrNull(1),
        EmailConfirmed = row.Bool(2),
        PhoneNumber = row.TextOrNull(3),
        PhoneNumberConfirmed = row.Bool(4),
        Claims = row.TextOrNull(5),
        Disabled = row.Bool(6),
        RequiresSecondFactor = row.Bool(9),
    };
}
