using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class SessionStore(IDatabase database) : ISessionStore
{
    private const string Columns =
        "id, handle_hash, subject, auth_time, acr, amr, created_at, last_seen_at, idle_expires_at, absolute_expires_at, " +
        "is_persistent, user_agent, remote_address, ended_at, methods";

    private const string Live = "ended_at IS NULL AND idle_expires_at > $2 AND absolute_expires_at > $2";

    private const string Values = "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16";

    private const string Unchanged = "SELECT 1 FROM accounts WHERE id = $3 AND NOT disabled AND COALESCE(security_stamp, '') = $17";

    private static readonly SqlType[] Types =
    [
        SqlType.Guid, SqlType.Bytes, SqlType.Text, SqlType.Time, SqlType.Text, SqlType.Text, SqlType.Time, SqlType.Time, SqlType.Time,
        SqlType.Time, SqlType.Bool, SqlType.Text, SqlType.Text, SqlType.Time, SqlType.Text, SqlType.Time,
    ];

    // PostgreSQL: the account is held until we commit. Who changes it waits, and then finds our session among those to end.
    private static readonly Statement Begin = new(
        $"INSERT INTO sessions ({Columns}, purge_at) SELECT {Values} WHERE EXISTS ({Unchanged})",
        $"INSERT INTO sessions ({Columns}, purge_at) SELECT {Values} FROM ({Unchanged} FOR SHARE) AS unchanged",
        [.. Types, SqlType.Text]);

    private static readonly Statement Find = new(
        $"""
         SELECT s.{Columns.Replace(", ", ", s.", StringComparison.Ordinal)}, a.id IS NOT NULL AND NOT a.disabled
         FROM sessions s LEFT JOIN accounts a ON a.id = s.subject WHERE s.id = $1
         """,
        SqlType.Guid);

    private static readonly Statement Reauthenticate = new(
        $"""
         UPDATE sessions SET last_seen_at = $2, handle_hash = $4, auth_time = $5, acr = $6, amr = $7, idle_expires_at = $8,
           absolute_expires_at = $9, is_persistent = $10, user_agent = $11, remote_address = $12, purge_at = $13, methods = $14
         WHERE id = $1 AND subject = $3 AND {Live}
         """,
        SqlType.Guid, SqlType.Time, SqlType.Text, SqlType.Bytes, SqlType.Time, SqlType.Text, SqlType.Text, SqlType.Time, SqlType.Time,
        SqlType.Bool, SqlType.Text, SqlType.Text, SqlType.Time, SqlType.Text);

    // The purge time stays: the clean-up moves it on when it comes. A later use that was written first is not taken back.
    private static readonly Statement Touch = new(
        $"UPDATE sessions SET last_seen_at = $2, idle_expires_at = $3 WHERE id = $1 AND last_seen_at < $2 AND {Live}",
        SqlType.Guid, SqlType.Time, SqlType.Time);

    private static readonly Statement End = new(
        "UPDATE sessions SET ended_at = $2, purge_at = $3 WHERE id = $1 AND ended_at IS NULL", SqlType.Guid, SqlType.Time, SqlType.Time);

    private static readonly Statement EndAll = new(
        "UPDATE sessions SET ended_at = $2, purge_at = $3 WHERE subject = $1 AND ended_at IS NULL", SqlType.Text, SqlType.Time, SqlType.Time);

    // The choice of a client is read in the same transaction; true is written as true in one database and as 1 in the other.
    private static readonly Statement EndGrantsOfSession = GrantEnding.Where(
        """
        subject = (SELECT subject FROM sessions WHERE id = $4) AND session_id = $4
          AND (NOT is_offline OR EXISTS (SELECT 1 FROM clients c WHERE c.client_id = grants.client_id
            AND CAST(c.metadata ->> 'idp_logout_revokes_offline_access' AS TEXT) IN ('true', '1')))
        """,
        SqlType.Guid);

    private static readonly Statement EndGrantsOfSubject = GrantEnding.Where("subject = $4", SqlType.Text);

    private static readonly Statement NotifyClientsOfSession = LogoutNotices.Where("s.id = $4", SqlType.Guid);

    private static readonly Statement NotifyClientsOfSubject = LogoutNotices.Where("s.subject = $4", SqlType.Text);

    private static readonly Statement ListClients = new(
        """
        SELECT DISTINCT client_id FROM grants
        WHERE subject = (SELECT subject FROM sessions WHERE id = $1) AND session_id = $1 ORDER BY client_id
        """,
        SqlType.Guid);

    private static readonly Statement List = new(
        $"SELECT {Columns} FROM sessions WHERE subject = $1 AND {Live} ORDER BY created_at DESC, id DESC", SqlType.Text, SqlType.Time);

    /// <summary>
    /// Sessions first: on PostgreSQL that waits for grants that are being opened in them, and the sweep, a statement of its own, then sees them.
    /// </summary>
    public static IReadOnlyList<SqlCall> EndingAllOf(string subject, DateTimeOffset now) =>
    [
        EndAll.With(subject, now, now + Retention.AfterEnd),
        LogoutNotices.At(NotifyClientsOfSubject, now, subject),
        EndGrantsOfSubject.At(now, subject),
    ];

    public async Task<bool> TryBeginAsync(Session session, string securityStamp, CancellationToken cancellationToken) =>
        await database.WriteAsync(Begin.With([.. Encode(session), securityStamp]), cancellationToken) > 0;

    public Task<SessionState?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.FindAsync(Find.With(id), row => new SessionState(Decode(row), row.Bool(15)), cancellationToken);

    public async Task<bool> TryReauthenticateAsync(Session session, CancellationToken cancellationToken)
    {
        var call = Reauthenticate.With(
            session.Id, session.LastSeenAt, session.Subject, session.HandleHash, session.AuthTime, session.Acr,
            string.Join(' ', session.Amr), session.IdleExpiresAt, session.AbsoluteExpiresAt, session.IsPersistent, session.UserAgent,
            session.RemoteAddress, PurgeTime(session), string.Join(' ', session.Methods));
        return await database.WriteAsync(call, cancellationToken) > 0;
    }

    public Task TouchAsync(Guid id, DateTimeOffset lastSeenAt, DateTimeOffset idleExpiresAt, CancellationToken cancellationToken) =>
        database.WriteAsync(Touch.With(id, lastSeenAt, idleExpiresAt), cancellationToken);

    public Task EndAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAllAsync(
            [End.With(id, now, now + Retention.AfterEnd), LogoutNotices.At(NotifyClientsOfSession, now, id), EndGrantsOfSession.At(now, id)],
            cancellationToken);

    public Task EndAllAsync(string subject, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAllAsync(EndingAllOf(subject, now), cancellationToken);

    public Task<IReadOnlyList<string>> ListClientsAsync(Guid id, CancellationToken cancellationToken) =>
        database.ListAsync(ListClients.With(id), row => row.Text(0), cancellationToken);

    public Task<IReadOnlyList<Session>> ListAsync(string subject, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ListAsync(List.With(subject, now), Decode, cancellationToken);

    private static DateTimeOffset PurgeTime(Session session) =>
        (session.IdleExpiresAt < session.AbsoluteExpiresAt ? session.IdleExpiresAt : session.AbsoluteExpiresAt) + Retention.AfterEnd;

    private static object?[] Encode(Session session) =>
    [
        session.Id, session.HandleHash, session.Subject, session.AuthTime, session.Acr, string.Join(' ', session.Amr), session.CreatedAt,
        session.LastSeenAt, session.IdleExpiresAt, session.AbsoluteExpiresAt, session.IsPersistent, session.UserAgent, session.RemoteAddress,
        session.EndedAt, string.Join(' ', session.Methods), PurgeTime(session),
    ];

    private static Session Decode(Row row) => new()
    {
        Id = row.Guid(0),
        HandleHash = row.Bytes(1),
        Subject = row.Text(2),
        AuthTime = row.Time(3),
        Acr = row.TextOrNull(4),
        Amr = row.Words(5),
        CreatedAt = row.Time(6),
        LastSeenAt = row.Time(7),
        IdleExpiresAt = row.Time(8),
        AbsoluteExpiresAt = row.Time(9),
        IsPersistent = row.Bool(10),
        UserAgent = row.TextOrNull(11),
        RemoteAddress = row.TextOrNull(12),
        EndedAt = row.TimeOrNull(13),
        Methods = row.Words(14),
    };
}
