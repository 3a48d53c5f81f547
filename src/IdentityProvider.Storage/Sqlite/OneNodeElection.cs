using IdentityProvider.Storage.Cleanup;

namespace IdentityProvider.Storage.Sqlite;

/// <summary>A SQLite file has one node.</summary>
internal sealed class OneNodeElection : ICleanupElection, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async Task<bool> TryRunAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        if (!await _turn.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return false;
        }

        try
        {
            await work();
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
