namespace IdentityProvider.Storage.Sqlite;

/// <summary>
/// SQLite takes one writer at a time. Everything in this process that writes passes here, so that nobody meets SQLITE_BUSY because of ourselves.
/// </summary>
internal sealed class SqliteWriteGate : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    public Task EnterAsync(CancellationToken cancellationToken) => _gate.WaitAsync(cancellationToken);

    public void Enter() => _gate.Wait();

    public void Leave() => _gate.Release();

    public void Dispose() => _gate.Dispose();
}
