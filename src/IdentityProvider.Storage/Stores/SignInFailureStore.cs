using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class SignInFailureStore(IDatabase database) : ISignInFailureStore
{
    /// <summary>More doublings than any pause needs, and few enough for every integer.</summary>
    private const int MostDoublings = 20;

    // $1 account, $2 now, $3 the failure that brings the first pause, $4 first and $5 longest pause in seconds. SQLite keeps ticks.
    private static readonly Statement Count = new(
        $"""
         UPDATE accounts SET
             access_failed_count = access_failed_count + 1,
             lockout_end = CASE WHEN access_failed_count + 1 < $3 THEN lockout_end
                 ELSE MAX(COALESCE(lockout_end, 0), $2 + 10000000 * MIN($5, $4 << MIN(access_failed_count + 1 - $3, {MostDoublings}))) END
         WHERE id = $1
         """,
        $"""
         UPDATE accounts SET
             access_failed_count = access_failed_count + 1,
             lockout_end = CASE WHEN access_failed_count + 1 < $3 THEN lockout_end
                 ELSE GREATEST(lockout_end, $2 + interval '1 second' * LEAST($5, $4 << LEAST(access_failed_count + 1 - $3, {MostDoublings}))) END
         WHERE id = $1
         """,
        SqlType.Text, SqlType.Time, SqlType.Int32, SqlType.Int64, SqlType.Int64);

    // Runs when the account is counted and locked, so each number is seen by one.
    private static readonly Statement TellIfFirst = OutboxStore.AddingWhere(
        "EXISTS (SELECT 1 FROM accounts WHERE id = $9 AND access_failed_count = $10)", SqlType.Text, SqlType.Int32);

    public Task CountAsync(string accountId, PauseRule rule, ChangeRecord record, CancellationToken cancellationToken) =>
        database.WriteAllAsync(
            [
                Count.With(accountId, record.Entry.At, rule.After, (long)rule.First.TotalSeconds, (long)rule.Longest.TotalSeconds),
                AuditTrail.Appending(record.Entry),
                .. record.Mails.Select(mail => OutboxStore.Adding(TellIfFirst, mail, accountId, rule.After)),
            ],
            cancellationToken);
}
