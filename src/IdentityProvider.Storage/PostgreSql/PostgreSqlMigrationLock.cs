using Npgsql;

namespace IdentityProvider.Storage.PostgreSql;

/// <summary>An advisory lock on a connection of its own. Entity Framework's own lock needs the history table, which the first node has yet to make.</summary>
internal sealed class PostgreSqlMigrationLock : IMigrationLock
{
    private readonly NpgsqlConnection _connection;

    private PostgreSqlMigrationLock(NpgsqlConnection connection) => _connection = connection;

    public static async Task<PostgreSqlMigrationLock> TakeAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            await RunAsync(connection, "SELECT pg_advisory_lock($1)", cancellationToken);
            return new PostgreSqlMigrationLock(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public Task PrepareAsync(IdentityProviderDbContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await RunAsync(_connection, "SELECT pg_advisory_unlock($1)", CancellationToken.None);
        await _connection.DisposeAsync();
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection)
        {
            CommandTimeout = 0, // the first node may take its time
            Parameters = { new() { Value = AdvisoryLocks.Migration } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
