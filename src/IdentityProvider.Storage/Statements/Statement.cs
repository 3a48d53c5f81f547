namespace IdentityProvider.Storage.Statements;

/// <summary>
/// One statement of a store, made once and prepared once for each connection. Parameters are <c>$1</c>, <c>$2</c> …, which both databases
/// understand, so most statements have one text.
/// </summary>
/// <param name="sqlite">
/// Text for SQLite. It may be several statements; the writer is alone, so what they read cannot change between them.
/// </param>
/// <param name="postgreSql">Text for PostgreSQL: always a single statement, for others run at the same time.</param>
/// <param name="parameters">Types of <c>$1</c>, <c>$2</c> ….</param>
internal sealed class Statement(string sqlite, string postgreSql, params SqlType[] parameters)
{
    public Statement(string sql, params SqlType[] parameters)
        : this(sql, sql, parameters)
    {
    }

    /// <summary>
    /// A lock between writers, before the statements that need it. SQLite has one writer and is sent nothing; nor is it counted, for it writes
    /// nothing and goes with them.
    /// </summary>
    public static Statement Lock(string postgreSql, params SqlType[] parameters) => new(string.Empty, postgreSql, parameters);

    public bool IsLock => Sqlite.Length == 0;

    public string Sqlite { get; } = sqlite;

    public string PostgreSql { get; } = postgreSql;

    public IReadOnlyList<SqlType> Parameters { get; } = parameters;

    /// <summary>Whether the SQLite text is more than one statement, so that a failure must undo what came before.</summary>
    public bool IsCompound { get; } = sqlite.Contains(';', StringComparison.Ordinal);

    public SqlCall With(params object?[] values)
    {
        if (values.Length != Parameters.Count)
        {
            throw new ArgumentException($"{values.Length} values for {Parameters.Count} parameters", nameof(values));
        }

        return new SqlCall(this, values);
    }
}
