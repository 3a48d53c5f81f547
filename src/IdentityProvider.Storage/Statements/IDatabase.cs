namespace IdentityProvider.Storage.Statements;

/// <summary>
/// The database as the stores see it: prepared statements, reads, and writes that are durable when they have answered. Each write is one
/// transaction of its own. Two implementations: one writer with group commit on SQLite, a connection pool on PostgreSQL.
/// </summary>
internal interface IDatabase
{
    /// <summary>Runs one statement.</summary>
    /// <returns>Rows changed.</returns>
    Task<int> WriteAsync(SqlCall call, CancellationToken cancellationToken);

    /// <summary>
    /// Runs all statements in one transaction. On PostgreSQL each sees what was committed before it began, so the order is the protection:
    /// take the lock with the first, sweep or decide with the next.
    /// </summary>
    /// <returns>Rows changed by the last.</returns>
    Task<int> WriteAllAsync(IReadOnlyList<SqlCall> calls, CancellationToken cancellationToken);

    /// <summary>Runs <paramref name="guard"/> and, only if it changed a row, the others, in one transaction. Whether it did.</summary>
    Task<bool> TryWriteAsync(SqlCall guard, IReadOnlyList<SqlCall> then, CancellationToken cancellationToken) =>
        TryWriteAsync([guard], then, cancellationToken);

    /// <summary>
    /// Runs <paramref name="first"/> and, only if the last of them changed a row, the others, in one transaction. Whether it did; if not, nothing of
    /// it is done.
    /// </summary>
    Task<bool> TryWriteAsync(IReadOnlyList<SqlCall> first, IReadOnlyList<SqlCall> then, CancellationToken cancellationToken);

    /// <summary>The first row, or null when there is none.</summary>
    Task<T?> FindAsync<T>(SqlCall call, Func<Row, T> read, CancellationToken cancellationToken);

    Task<IReadOnlyList<T>> ListAsync<T>(SqlCall call, Func<Row, T> read, CancellationToken cancellationToken);
}
