using IdentityProvider.Storage.Statements;
using Microsoft.Data.Sqlite;

namespace IdentityProvider.Storage.Sqlite;

/// <summary>An open connection with its prepared statements. For one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<Statement, SqliteCommand> _commands = [];
    private readonly Dictionary<string, SqliteCommand> _control = new(StringComparer.Ordinal);

    /// <summary>Opens the connection and runs <paramref name="pragmas"/>.</summary>
    public SqliteSession(string connectionString, string pragmas)
    {
        _connection = new SqliteConnection(connectionString);
        try
        {
            _connection.Open();
            using var command = _connection.CreateCommand();
            command.CommandText = pragmas;
            command.ExecuteNonQuery();
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs a word of transaction control: <c>BEGIN IMMEDIATE</c>, <c>COMMIT</c> ….</summary>
    public void Control(string sql)
    {
        if (!_control.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            _control.Add(sql, command);
        }

        command.ExecuteNonQuery();
    }

    /// <summary>Rows changed.</summary>
    public int Execute(SqlCall call) => Bind(call).ExecuteNonQuery();

    public T? Find<T>(SqlCall call, Func<Row, T> read)
    {
        using var reader = Bind(call).ExecuteReader();
        return reader.Read() ? read(new Row(reader, isSqlite: true)) : default;
    }

    public List<T> List<T>(SqlCall call, Func<Row, T> read)
    {
        using var reader = Bind(call).ExecuteReader();
        var row = new Row(reader, isSqlite: true);
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(row));
        }

        return rows;
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values.Concat(_control.Values))
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private SqliteCommand Bind(SqlCall call)
    {
        if (!_commands.TryGetValue(call.Statement, out var command))
        {
            command = Prepare(call.Statement);
            _commands.Add(call.Statement, command);
        }

        for (var i = 0; i < call.Values.Length; i++)
        {
            command.Parameters[i].Value = Encode(call.Values[i]);
        }

        return command;
    }

    private SqliteCommand Prepare(Statement statement)
    {
        var command = _connection.CreateCommand();
        command.CommandText = statement.Sqlite;
        for (var i = 0; i < statement.Parameters.Count; i++)
        {
            command.Parameters.Add(new SqliteParameter("$" + (i + 1), TypeOf(statement.Parameters[i])));
        }

        return command;
    }

    private static SqliteType TypeOf(SqlType type) => type switch
    {
        SqlType.Guid or SqlType.Bytes => SqliteType.Blob,
        SqlType.Text or SqlType.Json => SqliteType.Text,
        SqlType.Time or SqlType.Int64 or SqlType.Int32 or SqlType.Bool => SqliteType.Integer,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, message: null),
    };

    private static object Encode(object? value) => value switch
    {
        null => DBNull.Value,
        Guid guid => guid.ToByteArray(bigEndian: true),
        DateTimeOffset time => time.UtcTicks,
        ReadOnlyMemory<byte> bytes => bytes.ToArray(),
        _ => value,
    };
}
