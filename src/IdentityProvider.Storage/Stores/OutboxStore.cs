using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class OutboxStore(IDatabase database) : IOutboxStore
{
    private const string Columns =
        "id, kind, client_id, session_id, subject, created_at, next_attempt_at, attempts, last_error, delivered_at, dead_at, payload";

    private static readonly Statement Add = AddingWhere("TRUE");

    /// <summary>How many of one client stand in one list of what is due.</summary>
    private const int OfOneClient = 8;

    private static readonly Statement ListDue = new(
        $"""
         SELECT {Columns} FROM (
           SELECT {Columns}, row_number() OVER (PARTITION BY client_id ORDER BY next_attempt_at, id) AS place
           FROM outbox WHERE next_attempt_at <= $1) AS due
         WHERE place <= $3 ORDER BY next_attempt_at, id LIMIT $2
         """,
        SqlType.Time, SqlType.Int32, SqlType.Int32);

    // The number of attempts is the version of the row.
    private static readonly Statement Claim = new(
        "UPDATE outbox SET attempts = attempts + 1, next_attempt_at = $3 WHERE id = $1 AND attempts = $2 AND next_attempt_at = $4",
        SqlType.Guid, SqlType.Int32, SqlType.Time, SqlType.Time);

    private static readonly Statement Deliver = new(
        """
        UPDATE outbox SET delivered_at = $3, next_attempt_at = NULL, last_error = NULL, payload = NULL
        WHERE id = $1 AND attempts = $2 AND delivered_at IS NULL
        """,
        SqlType.Guid, SqlType.Int32, SqlType.Time);

    private static readonly Statement Fail = new(
        """
        UPDATE outbox SET last_error = $3, next_attempt_at = $4, dead_at = $5
        WHERE id = $1 AND attempts = $2 AND delivered_at IS NULL AND dead_at IS NULL
        """,
        SqlType.Guid, SqlType.Int32, SqlType.Text, SqlType.Time, SqlType.Time);

    private static readonly Statement Retry = new(
        "UPDATE outbox SET attempts = 0, next_attempt_at = $2, dead_at = NULL WHERE id = $1 AND dead_at IS NOT NULL",
        SqlType.Guid, SqlType.Time);

    private static readonly Dictionary<OutboxState, Statement> Lists = new()
    {
        [OutboxState.Any] = NewList("TRUE"),
        [OutboxState.Pending] = NewList("next_attempt_at IS NOT NULL"),
        [OutboxState.Delivered] = NewList("delivered_at IS NOT NULL"),
        [OutboxState.Dead] = NewList("dead_at IS NOT NULL"),
    };

    /// <summary>What queues a message; for those who do it together with what it tells of.</summary>
    public static SqlCall Adding(OutboxMessage message) => Adding(Add, message);

    /// <summary>The same, on a condition: <see cref="AddingWhere"/>.</summary>
    public static SqlCall Adding(Statement statement, OutboxMessage message, params object?[] values) => statement.With(
    [
        message.Id, message.Kind, message.ClientId, message.SessionId, message.Subject, message.CreatedAt, message.NextAttemptAt, message.Payload,
        .. values,
    ]);

    /// <summary>A statement that queues a message if <paramref name="condition"/> holds, whose first own parameter is <c>$9</c>.</summary>
    public static Statement AddingWhere(string condition, params SqlType[] parameters) => new(
        $"""
         INSERT INTO outbox (id, kind, client_id, session_id, subject, created_at, next_attempt_at, attempts, payload)
         SELECT $1, $2, $3, $4, $5, $6, $7, 0, $8 WHERE {condition}
         """,
        [SqlType.Guid, SqlType.Text, SqlType.Text, SqlType.Guid, SqlType.Text, SqlType.Time, SqlType.Time, SqlType.Text, .. parameters]);

    public Task AddAsync(OutboxMessage message, CancellationToken cancellationToken) =>
        database.WriteAsync(Adding(message), cancellationToken);

    public Task<IReadOnlyList<OutboxMessage>> ListDueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        database.ListAsync(ListDue.With(now, limit, OfOneClient), Decode, cancellationToken);

    public async Task<bool> TryClaimAsync(OutboxMessage message, DateTimeOffset until, CancellationToken cancellationToken) =>
        await database.WriteAsync(Claim.With(message.Id, message.Attempts, until, message.NextAttemptAt), cancellationToken) > 0;

    public Task MarkDeliveredAsync(OutboxMessage message, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(Deliver.With(message.Id, message.Attempts, now), cancellationToken);

    public Task MarkFailedAsync(
        OutboxMessage message, string error, DateTimeOffset? nextAttemptAt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var line = error.Length <= OutboxMessage.MaxErrorLength ? error : error[..OutboxMessage.MaxErrorLength];
        return database.WriteAsync(
            Fail.With(message.Id, message.Attempts, line, nextAttemptAt, nextAttemptAt is null ? now : null), cancellationToken);
    }

    public Task<IReadOnlyList<OutboxMessage>> ListAsync(OutboxState state, int limit, CancellationToken cancellationToken) =>
        database.ListAsync(Lists[state].With(limit), Decode, cancellationToken);

    public async Task<bool> TryRetryAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.WriteAsync(Retry.With(id, now), cancellationToken) > 0;

    private static Statement NewList(string condition) => new(
        $"SELECT {Columns} FROM outbox WHERE {condition} ORDER BY id DESC LIMIT $1", SqlType.Int32);

    private static OutboxMessage Decode(Row row) => new()
    {
        Id = row.Guid(0),
        Kind = row.Text(1),
        ClientId = row.TextOrNull(2),
        SessionId = row.GuidOrNull(3),
        Subject = row.TextOrNull(4),
        CreatedAt = row.Time(5),
        NextAttemptAt = row.TimeOrNull(6),
        Attempts = row.Int32(7),
        LastError = row.TextOrNull(8),
        DeliveredAt = row.TimeOrNull(9),
        DeadAt = row.TimeOrNull(10),
        Payload = row.TextOrNull(11),
    };
}
