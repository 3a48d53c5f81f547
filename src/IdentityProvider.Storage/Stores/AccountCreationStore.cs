using System.Data.Common;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.SignUp;
using IdentityProvider.Storage.Statements;
using Npgsql;

namespace IdentityProvider.Storage.Stores;

internal sealed class AccountCreationStore(IDatabase database) : IAccountCreationStore
{
    // $14 and $15 the identity, $16 the invitation; NULL without one.
    private static readonly Statement Create = new(
        """
        INSERT INTO accounts (
            id, user_name, normalized_user_name, email, normalized_email, email_confirmed, password_hash, security_stamp, concurrency_stamp,
            created_at, updated_at, last_sign_in_at, claims,
            disabled, requires_second_factor, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, FALSE, FALSE, FALSE, FALSE, TRUE, 0
        WHERE NOT EXISTS (SELECT 1 FROM account_logins WHERE login_provider = $14 AND provider_key = $15)
        AND NOT EXISTS (SELECT 1 FROM used_jti WHERE hash = $16)
        ON CONFLICT DO NOTHING
        """,
        SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Bool, SqlType.Text, SqlType.Text, SqlType.Text,
        SqlType.Time, SqlType.Time, SqlType.Time, SqlType.Json,
        SqlType.Text, SqlType.Text, SqlType.Bytes);

    // No ON CONFLICT here, and none where the invitation is used up: who was overtaken since the account was written must undo it.
    private static readonly Statement Link = new(
        "INSERT INTO account_logins (user_id, login_provider, provider_key, provider_display_name) VALUES ($1, $2, $3, $4)",
        SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Text);

    public async Task<bool> TryCreateAsync(NewAccount created, ChangeRecord record, CancellationToken cancellationToken)
    {
        var (account, identity) = (created.Account, created.Identity);
        var invitation = created.Invitation is { } given ? UsedJtiStore.HashOf(Invitations.Purpose, Invitation.NameOf(given.Id)) : null;
        var create = Create.With(
            account.Id, account.UserName, account.NormalizedUserName, account.Email, account.NormalizedEmail, account.EmailConfirmed,
            account.PasswordHash, account.SecurityStamp, account.ConcurrencyStamp,
            account.CreatedAt, account.UpdatedAt, account.LastSignInAt, account.Claims,
            identity?.ProviderId, identity?.Key, invitation);
        var then = new List<SqlCall>();
        if (identity is not null)
        {
            then.Add(Link.With(account.Id, identity.ProviderId, identity.Key, identity.Label));
        }

        if (invitation is not null)
        {
            then.Add(UsedJtiStore.Using(invitation, created.Invitation!.ExpiresAt));
        }

        try
        {
            return await database.TryWriteAsync(create, [.. then, .. ChangeRecordStore.Adding(record)], cancellationToken);
        }
        catch (DbException exception) when (string.Equals(exception.SqlState, PostgresErrorCodes.UniqueViolation, StringComparison.Ordinal))
        {
            return false; // overtaken between the two; SQLite has one writer, who has just looked
        }
    }
}
