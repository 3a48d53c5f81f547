using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Storage.Rows;
using IdentityProvider.Storage.Statements;
using IdentityProvider.Storage.Stores;

namespace IdentityProvider.Storage.Cleanup;

/// <summary>What the clean-up sends.</summary>
internal static class CleanupStatements
{
    private static readonly Statement DeleteJti = DeleteExpired("used_jti", "hash");

    /// <summary>A grant that came of one outlives it by far, so a code that is forgotten cannot be used again.</summary>
    public static readonly Statement DeleteDeviceAuthorizations = DeleteExpired("device_authorizations", "id");

    private static readonly Statement DeleteAttempts = DeleteExpired("attempts", "key");

    /// <summary>Browsers nobody has signed in with for as long as browsers keep a cookie.</summary>
    public static readonly Statement DeleteDevices = DeleteExpired("devices", "id");

    public static readonly Statement DeleteInitialAccessTokens = DeleteExpired("initial_access_tokens", "id");

    public static readonly Statement ListUnusedClients = new(
        "SELECT client_id FROM clients WHERE unused_until <= $1 ORDER BY unused_until LIMIT $2", SqlType.Time, SqlType.Int32);

    /// <summary>Lets one caller take an unused client away; none when it was used in the meantime.</summary>
    public static readonly Statement ReleaseUnusedClient = new(
        "UPDATE clients SET registration_token_hash = NULL WHERE client_id = $1 AND unused_until <= $2", SqlType.Text, SqlType.Time);

    public static readonly Purge Grants = new("grants", "expires_at", "revoked_at");

    public static readonly Purge Sessions = new("sessions", "idle_expires_at", "ended_at");

    public static readonly Statement CountDeadBits = new(
        "SELECT list, count(*) FROM revoked_statuses WHERE expires_at <= $1 GROUP BY list", SqlType.Time);

    /// <summary>Bits that are taken away are counted, so that the version of the list stays (<see cref="StatusListRow.ForgottenBits"/>).</summary>
    public static readonly Statement ForgetBits = new(
        $"""
         UPDATE status_lists SET forgotten_bits = forgotten_bits + (SELECT count(*) FROM ({DeadBits})) WHERE id = $1;
         DELETE FROM revoked_statuses WHERE (list, idx) IN ({DeadBits})
         """,
        $"""
         WITH gone AS (DELETE FROM revoked_statuses WHERE (list, idx) IN ({DeadBits}) RETURNING idx)
         UPDATE status_lists SET forgotten_bits = forgotten_bits + (SELECT count(*) FROM gone) WHERE id = $1
         """,
        SqlType.Int32, SqlType.Time, SqlType.Int32);

    private static readonly Statement DeleteDeliveries = DeleteOlder("outbox");

    private static readonly Statement DeleteAuditEvents = DeleteOlder("audit_events");

    private const string DeadBits =
        "SELECT list, idx FROM revoked_statuses WHERE list = $1 AND expires_at <= $2 ORDER BY expires_at, idx LIMIT $3";

    private static readonly Statement DeleteLists = new(
        """
        DELETE FROM status_lists WHERE id >= $1 AND id < (SELECT max(id) FROM status_lists) AND next_index = $2 AND reserved_at <= $3
          AND NOT EXISTS (SELECT 1 FROM revoked_statuses WHERE list = status_lists.id)
          AND NOT EXISTS (SELECT 1 FROM grants WHERE status_list = status_lists.id)
        """,
        SqlType.Int32, SqlType.Int32, SqlType.Time);

    private static Statement DeleteExpired(string table, string key) => new(
        $"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
        SqlType.Time, SqlType.Int32);

    /// <summary>For tables whose key begins with the row's time, so that the oldest are found by the key alone.</summary>
    private static Statement DeleteOlder(string table) => new(
        $"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE id < $1 ORDER BY id LIMIT $2)", SqlType.Guid, SqlType.Int32);

    public static SqlCall DeleteJtiAt(DateTimeOffset now, int batchSize) => DeleteJti.With(now - Retention.AfterUse, batchSize);

    public static SqlCall DeleteAttemptsAt(DateTimeOffset now, int batchSize) => DeleteAttempts.With(now - Retention.AfterUse, batchSize);

    /// <summary>Lists that are full, reserved so long ago that no node has an index of them left, and of which nothing speaks any more.</summary>
    public static SqlCall DeleteListsAt(DateTimeOffset now) => DeleteLists.With(
        StatusListRow.FirstGrantList, IStatusListStore.ListLength, now - (2 * StatusListStore.BlockLifetime));

    /// <summary>Deliveries that were queued so long ago that nobody asks about them any more.</summary>
    public static SqlCall DeleteDeliveriesAt(DateTimeOffset now, int batchSize) =>
        DeleteDeliveries.With(Version7.FirstOf(now - Retention.OfDeliveries), batchSize);

    /// <summary>Events that are older than the operator keeps them.</summary>
    public static SqlCall DeleteAuditEventsAt(DateTimeOffset now, TimeSpan retention, int batchSize) =>
        DeleteAuditEvents.With(Version7.FirstOf(now - retention), batchSize);

    /// <summary>
    /// Rows that slide: their purge time is not written with each use, so a row that is due may well be alive. Dead is what expired or was
    /// ended a retention ago.
    /// </summary>
    internal sealed class Purge(string table, string expiry, string ended)
    {
        private readonly Statement _postpone = new(
            $"""
             UPDATE {table} SET purge_at = CASE WHEN {expiry} > $1 THEN {expiry} ELSE $3 END
             WHERE id IN (SELECT id FROM {table} WHERE purge_at <= $1 ORDER BY purge_at LIMIT $4)
               AND {expiry} > $2 AND absolute_expires_at > $2 AND ({ended} IS NULL OR {ended} > $2)
             """,
            SqlType.Time, SqlType.Time, SqlType.Time, SqlType.Int32);

        private readonly Statement _delete = new(
            $"""
             DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE purge_at <= $1 ORDER BY purge_at LIMIT $3)
               AND ({expiry} <= $2 OR absolute_expires_at <= $2 OR {ended} <= $2)
             """,
            SqlType.Time, SqlType.Time, SqlType.Int32);

        public SqlCall PostponeAt(DateTimeOffset now, int batchSize) =>
            _postpone.With(now, now - Retention.AfterEnd, now + Retention.AfterEnd, batchSize);

        public SqlCall DeleteAt(DateTimeOffset now, int batchSize) => _delete.With(now, now - Retention.AfterEnd, batchSize);
    }
}
