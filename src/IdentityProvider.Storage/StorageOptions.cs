using Microsoft.Data.Sqlite;
using Npgsql;

namespace IdentityProvider.Storage;

/// <summary>Where state is kept: section <c>IdentityProvider:Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>Default <see cref="StorageProvider.Sqlite"/>.</summary>
    public StorageProvider Provider { get; set; } = StorageProvider.Sqlite;

    /// <summary>
    /// In the provider's own form: <c>Data Source=data/identity.db</c> or <c>Host=…;Database=…;Username=…</c>. Of several PostgreSQL hosts
    /// (<c>Host=db1,db2</c>) the primary is used, also after a fail-over. A relative SQLite path
    /// starts at the data folder. In Development the default is <c>Data Source=identity.db</c>. May hold a password: never logged.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// Status indexes that a node reserves at a time (draft-ietf-oauth-status-list §12.3: neighbours must not tell who came together).
    /// More hide better and cost fewer reservations; a restart wastes what is left. Default 1,024; from 16 to 65,536.
    /// </summary>
    public int StatusBlockSize { get; set; } = 1024;

    /// <summary>
    /// Whether the start applies pending migrations itself. Default false, so that a new version changes the schema when the operator says so
    /// (<c>migrate</c>); true in Development.
    /// </summary>
    public bool? MigrateAtStart { get; set; }

    /// <summary>
    /// How long the audit trail goes back; older events are deleted by the clean-up. Default 400 days; from 1 day to 10 years.
    /// </summary>
    public TimeSpan AuditRetention { get; set; } = TimeSpan.FromDays(400);

    /// <summary>Every problem, one line each; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (StatusBlockSize is < 16 or > 65536)
        {
            yield return "Storage:status_block_size must be from 16 to 65536.";
        }

        if (AuditRetention < TimeSpan.FromDays(1) || AuditRetention > TimeSpan.FromDays(3660))
        {
            yield return "Storage:audit_retention must be from 1 day to 10 years (86400 to 316224000 seconds).";
        }

        if (!Enum.IsDefined(Provider))
        {
            yield return "Storage:provider must be sqlite or postgresql.";
        }
        else if (string.IsNullOrWhiteSpace(ConnectionString))
        {
            yield return "Storage:connection_string is missing.";
        }
        else if (FindConnectionProblem() is { } problem)
        {
            yield return problem;
        }
    }

    private static string? FindPostgreSqlProblem(NpgsqlConnectionStringBuilder connection)
    {
        if (connection.Host is null)
        {
            return "Storage:connection_string names no Host.";
        }

        return connection.TargetSessionAttributes is null or "primary" or "read-write"
            ? null
            : "Storage:connection_string has Target Session Attributes that lead to a standby; only the primary can be used.";
    }

    /// <summary>The text of the exception is not repeated: it may quote the password.</summary>
    private string? FindConnectionProblem()
    {
        try
        {
            if (Provider == StorageProvider.PostgreSql)
            {
                return FindPostgreSqlProblem(new NpgsqlConnectionStringBuilder(ConnectionString));
            }

            var sqlite = new SqliteConnectionStringBuilder(ConnectionString);
            return sqlite.DataSource.Length == 0 || sqlite.Mode == SqliteOpenMode.Memory ||
                sqlite.DataSource.Contains(":memory:", StringComparison.Ordinal)
                ? "Storage:connection_string must name a file as Data Source."
                : null;
        }
        catch (ArgumentException)
        {
            return "Storage:connection_string is not a connection string of the provider.";
        }
    }
}
