using System.Security.Cryptography;
using IdentityProvider.Storage.Statements;
using Npgsql;
using NpgsqlTypes;

namespace IdentityProvider.Storage.PostgreSql;

/// <summary>
/// Each verb is a single statement or a transaction at READ COMMITTED; correctness leans on unique keys and conditional updates, never on
/// the isolation level. A deadlock or serialization failure undid everything, so the verb is tried again.
/// </summary>
internal sealed class PostgreSqlDatabase(NpgsqlDataSource dataSource, ConnectionTurns turns) : IDatabase
{
    private const int Attempts = 4;

    public Task<int> WriteAsync(SqlCall call, CancellationToken cancellationToken)
    {
        StorageDiagnostics.Record(isWrite: true);
        return RetryAsync(
            async () =>
            {
                using var turn = await turns.TakeAsync(cancellationToken);
                await using var command = CreateCommand(call);
                return await command.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken);
    }

    public Task<int> WriteAllAsync(IReadOnlyList<SqlCall> calls, CancellationToken cancellationToken)
    {
        CountWrites(calls);
        return RetryAsync(
            async () =>
            {
                using var turn = await turns.TakeAsync(cancellationToken);

                // A batch without a transaction is one: the server commits at its end, in the same round trip.
                await using var batch = dataSource.CreateBatch();
                foreach (var call in calls)
                {
                    batch.BatchCommands.Add(CreateBatchCommand(call));
                }

                await batch.ExecuteNonQueryAsync(cancellationToken);
                return batch.BatchCommands[^1].RecordsAffected;
            },
            cancellationToken);
    }

    public Task<bool> TryWriteAsync(IReadOnlyList<SqlCall> first, IReadOnlyList<SqlCall> then, CancellationToken cancellationToken)
    {
        CountWrites([.. first, .. then]);
        return RetryAsync(
            async () =>
            {
                using var turn = await turns.TakeAsync(cancellationToken);
                await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                if (await RunAsync(connection, transaction, first, cancellationToken) == 0)
                {
                    return false;
                }

                if (then.Count > 0)
                {
                    await RunAsync(connection, transaction, then, cancellationToken);
                }

                await transaction.CommitAsync(cancellationToken);
                return true;
            },
            cancellationToken);
    }

    public async Task<T?> FindAsync<T>(SqlCall call, Func<Row, T> read, CancellationToken cancellationToken)
    {
        StorageDiagnostics.Record(isWrite: false);
        using var turn = await turns.TakeAsync(cancellationToken);
        await using var command = CreateCommand(call);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? read(new Row(reader, isSqlite: false)) : default;
    }

    public async Task<IReadOnlyList<T>> ListAsync<T>(SqlCall call, Func<Row, T> read, CancellationToken cancellationToken)
    {
        StorageDiagnostics.Record(isWrite: false);
        using var turn = await turns.TakeAsync(cancellationToken);
        await using var command = CreateCommand(call);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var row = new Row(reader, isSqlite: false);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(row));
        }

        return rows;
    }

    /// <summary>Rows changed by the last.</summary>
    private static async Task<int> RunAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<SqlCall> calls, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var call in calls)
        {
            batch.BatchCommands.Add(CreateBatchCommand(call));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[^1].RecordsAffected;
    }

    private static void CountWrites(IReadOnlyList<SqlCall> calls)
    {
        foreach (var _ in calls.Where(call => !call.Statement.IsLock))
        {
            StorageDiagnostics.Record(isWrite: true);
        }
    }

    private static async Task<T> RetryAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        for (var number = 1; ; number++)
        {
            try
            {
                return await attempt();
            }
            catch (PostgresException exception) when (number < Attempts && WasUndone(exception))
            {
                await Task.Delay(RandomNumberGenerator.GetInt32(5, 25) * number, cancellationToken);
            }
        }
    }

    private static bool WasUndone(PostgresException exception) =>
        exception.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    private NpgsqlCommand CreateCommand(SqlCall call)
    {
        var command = dataSource.CreateCommand(call.Statement.PostgreSql);
        AddParameters(command.Parameters, call);
        return command;
    }

    private static NpgsqlBatchCommand CreateBatchCommand(SqlCall call)
    {
        var command = new NpgsqlBatchCommand(call.Statement.PostgreSql);
        AddParameters(command.Parameters, call);
        return command;
    }

    private static void AddParameters(NpgsqlParameterCollection parameters, SqlCall call)
    {
        for (var i = 0; i < call.Values.Length; i++)
        {
            parameters.Add(new NpgsqlParameter { NpgsqlDbType = TypeOf(call.Statement.Parameters[i]), Value = Encode(call.Values[i]) });
        }
    }

    private static NpgsqlDbType TypeOf(SqlType type) => type switch
    {
        SqlType.Guid => NpgsqlDbType.Uuid,
        SqlType.Text => NpgsqlDbType.Text,
        SqlType.Json => NpgsqlDbType.Jsonb,
        SqlType.Time => NpgsqlDbType.TimestampTz,
        SqlType.Int64 => NpgsqlDbType.Bigint,
        SqlType.Int32 => NpgsqlDbType.Integer,
        SqlType.Bytes => NpgsqlDbType.Bytea,
        SqlType.Bool => NpgsqlDbType.Boolean,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, message: null),
    };

    private static object Encode(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset time => time.ToUniversalTime(),
        _ => value,
    };
}
