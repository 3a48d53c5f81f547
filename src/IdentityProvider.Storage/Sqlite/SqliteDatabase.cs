using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Sqlite;

/// <summary>
/// Reads on the caller's thread (WAL: no reader waits for the writer), writes through <see cref="SqliteWriter"/>.
/// </summary>
internal sealed class SqliteDatabase(SqliteConnections connections, SqliteWriter writer) : IDatabase
{
    public Task<int> WriteAsync(SqlCall call, CancellationToken cancellationToken) =>
        HandOverAsync([], [call], cancellationToken);

    public Task<int> WriteAllAsync(IReadOnlyList<SqlCall> calls, CancellationToken cancellationToken) =>
        HandOverAsync([], calls, cancellationToken);

    public async Task<bool> TryWriteAsync(IReadOnlyList<SqlCall> first, IReadOnlyList<SqlCall> then, CancellationToken cancellationToken) =>
        await HandOverAsync(first, then, cancellationToken) > 0;

    public Task<T?> FindAsync<T>(SqlCall call, Func<Row, T> read, CancellationToken cancellationToken) =>
        Read(session => session.Find(call, read), cancellationToken);

    public Task<IReadOnlyList<T>> ListAsync<T>(SqlCall call, Func<Row, T> read, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<T>>(session => session.List(call, read), cancellationToken);

    private Task<int> HandOverAsync(IReadOnlyList<SqlCall> first, IReadOnlyList<SqlCall> then, CancellationToken cancellationToken)
    {
        SqlCall[] guards = [.. first.Where(call => !call.Statement.IsLock)];
        SqlCall[] calls = [.. guards, .. then.Where(call => !call.Statement.IsLock)];
        for (var i = 0; i < calls.Length; i++)
        {
            StorageDiagnostics.Record(isWrite: true);
        }

        return writer.WriteAsync(new SqliteWrite(calls, guards.Length), cancellationToken);
    }

    private Task<T> Read<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        StorageDiagnostics.Record(isWrite: false);
        var session = connections.TakeReader();
        try
        {
            var answer = work(session);
            connections.Return(session);
            return Task.FromResult(answer);
        }
        catch
        {
            session.Dispose(); // whatever happened to it, the next reader begins anew
            throw;
        }
    }
}
