using IdentityProvider.Accounts.Activity;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class AccountActivity(IDatabase database) : IAccountActivity
{
    private static readonly Statement ListClients = new(
        """
        SELECT client_id, scope, MIN(created_at), MAX(COALESCE(rotated_at, created_at)),
          MAX(CASE WHEN revoked_at IS NULL AND expires_at > $2 THEN 1 ELSE 0 END)
        FROM grants WHERE subject = $1 GROUP BY client_id, scope ORDER BY client_id, scope
        """,
        SqlType.Text, SqlType.Time);

    private static readonly Statement ListSessionClients = new(
        "SELECT DISTINCT session_id, client_id FROM grants WHERE subject = $1 ORDER BY session_id, client_id", SqlType.Text);

    private static readonly Statement ListEvents = new(
        """
        SELECT id, type, at, client_id, grant_id, session_id, remote_address, detail
        FROM audit_events WHERE subject = $1 AND id < $2 ORDER BY id DESC LIMIT $3
        """,
        SqlType.Text, SqlType.Guid, SqlType.Int32);

    // Seldom asked, by a person about themselves; the table is short and has no index for it.
    private static readonly Statement ListMessages = new(
        "SELECT kind, created_at, delivered_at FROM outbox WHERE subject = $1 AND kind IN ($2, $3, $4) ORDER BY id DESC",
        SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Text);

    public async Task<IReadOnlyList<ClientUse>> ListClientsAsync(string accountId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await database.ListAsync(ListClients.With(accountId, now), DecodeUse, cancellationToken);
        return [.. rows.GroupBy(row => row.ClientId, StringComparer.Ordinal).Select(uses => uses.Aggregate(Merge))];
    }

    public Task<IReadOnlyList<SessionClient>> ListSessionClientsAsync(string accountId, CancellationToken cancellationToken) =>
        database.ListAsync(ListSessionClients.With(accountId), row => new SessionClient(row.Guid(0), row.Text(1)), cancellationToken);

    public Task<IReadOnlyList<AccountEvent>> ListEventsAsync(string accountId, Guid? before, int count, CancellationToken cancellationToken) =>
        database.ListAsync(ListEvents.With(accountId, before ?? Guid.AllBitsSet, count), row => DecodeEvent(accountId, row), cancellationToken);

    public Task<IReadOnlyList<AccountMessage>> ListMessagesAsync(string accountId, CancellationToken cancellationToken) =>
        database.ListAsync(
            ListMessages.With(accountId, OutboxKinds.Mail, OutboxKinds.Notice, OutboxKinds.Sms),
            row => new AccountMessage(row.Text(0), row.Time(1), row.TimeOrNull(2)),
            cancellationToken);

    private static ClientUse Merge(ClientUse one, ClientUse next) => one with
    {
        Scope = one.Scope.Union(next.Scope),
        Since = one.Since < next.Since ? one.Since : next.Since,
        LastUsedAt = one.LastUsedAt > next.LastUsedAt ? one.LastUsedAt : next.LastUsedAt,
        IsStanding = one.IsStanding || next.IsStanding,
    };

    private static ClientUse DecodeUse(Row row)
    {
        var isStanding = row.Int32(4) == 1;
        return new ClientUse(row.Text(0), isStanding ? ScopeSet.Of(row.Words(1)) : ScopeSet.Empty, row.Time(2), row.Time(3), isStanding);
    }

    private static AccountEvent DecodeEvent(string accountId, Row row) => new(
        row.Guid(0),
        new AuditEvent
        {
            Type = row.Text(1),
            At = row.Time(2),
            Subject = accountId,
            ClientId = row.TextOrNull(3),
            GrantId = row.GuidOrNull(4),
            SessionId = row.GuidOrNull(5),
            RemoteAddress = row.TextOrNull(6),
            Detail = row.TextOrNull(7),
        });
}
