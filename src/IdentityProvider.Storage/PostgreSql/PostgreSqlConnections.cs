using Npgsql;

namespace IdentityProvider.Storage.PostgreSql;

/// <summary>The connection pool: one for the stores and for Entity Framework.</summary>
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

        return builder.Build();
    }
}
