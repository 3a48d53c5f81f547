using IdentityProvider.Accounts.Claims;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class SubjectDirectory(IDatabase database) : ISubjectDirectory
{
    private const string Accounts =
        "SELECT id, user_name, email, email_confirmed, phone_number, phone_number_confirmed, updated_at, claims FROM accounts";

    private static readonly Statement Find = new(Accounts + " WHERE id = $1 AND NOT disabled", SqlType.Text);

    private static readonly Statement FindForToken = new(
        $"""
         {Accounts} WHERE id = (SELECT subject FROM grants WHERE id = $1) AND NOT disabled
           AND NOT EXISTS (SELECT 1 FROM revoked_statuses WHERE list = $2 AND idx = $3)
         """,
        SqlType.Guid, SqlType.Int32, SqlType.Int32);

    public Task<Subject?> FindAsync(string id, CancellationToken cancellationToken) =>
        database.FindAsync(Find.With(id), Decode, cancellationToken);

    public Task<Subject?> FindForTokenAsync(Guid grantId, StatusReference status, CancellationToken cancellationToken) =>
        database.FindAsync(FindForToken.With(grantId, status.List, status.Index), Decode, cancellationToken);

    private static Subject Decode(Row row)
    {
        var sources = new ClaimSources(
            UserName: row.TextOrNull(1),
            Email: row.TextOrNull(2),
            EmailConfirmed: row.Bool(3),
            PhoneNumber: row.TextOrNull(4),
            PhoneNumberConfirmed: row.Bool(5),
            UpdatedAt: row.Time(6),
            Profile: row.TextOrNull(7));
        return new Subject(row.Text(0), SubjectClaims.Of(sources));
    }
}
