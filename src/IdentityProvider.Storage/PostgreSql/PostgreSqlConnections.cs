using Npgsql;

namespace IdentityProvider.Storage.PostgreSql;

/// <summary>
/// The connection pool: one for the stores and for Entity Framework. Of several hosts it uses the one that is the primary, so it follows a
/// fail-over. Nothing here lowers <c>synchronous_commit</c>: what the server answers has reached whom the database waits for.
/// </summary>
internal static class PostgreSqlConnections
{
    /// <summary>Statements a connection keeps prepared: all of ours and what Identity uses, with room.</summary>
    private const int PreparedStatements = 128;

    public static NpgsqlDataSource Create(StorageOptions options)
    {
        var builder = new NpgsqlDataSourceBuilder(options.ConnectionString);
        if (builder.ConnectionStringBuilder.MaxAutoPrepare == 0)
        {
            builder.ConnectionStringBuilder.MaxAutoPrepare = PreparedStatements;
            builder.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
        }

        // PostgreSQL lets a statement that is cancelled while it waits for a standby succeed, with no more than a warning. So a wait that is too
        // long ends the connection instead: nobody is told that something is done which a fail-over would undo.
        builder.ConnectionStringBuilder.CancellationTimeout = -1;
        if (!MayReachStandby(builder.ConnectionStringBuilder))
        {
            return builder.Build();
        }

        // Only the primary takes writes, and what a standby reads may be a moment old: a revoked token would be active there.
        builder.ConnectionStringBuilder.TargetSessionAttributes = null;
        return builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary);
    }

    /// <summary>Most connections at a time: <c>Maximum Pool Size</c> of the connection string, 100 where it says nothing.</summary>
    public static int CountOf(StorageOptions options) => new NpgsqlConnectionStringBuilder(options.ConnectionString).MaxPoolSize;

    /// <summary>Of several hosts, or of one that the operator wants only while it is the primary.</summary>
    private static bool MayReachStandby(NpgsqlConnectionStringBuilder connection) =>
        connection.TargetSessionAttributes is not null || connection.Host?.Contains(',', StringComparison.Ordinal) == true;
}
