using IdentityProvider.Protocol.Registration;

namespace IdentityProvider.Protocol.Catalog;

/// <summary>
/// A client that registered itself on another node a moment ago is looked for in the database before it is called unknown. Strangers can
/// invent ids, so the work is bounded: one read at a time for all who wait, and only for ids of the form we give.
/// </summary>
public sealed class CatalogCatchUp(ICatalogStore catalog) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _begun;

    /// <summary>Afterwards the present snapshot has the client if it exists.</summary>
    /// <param name="clientId">As sent; null does nothing.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public ValueTask EnsureAsync(string? clientId, CancellationToken cancellationToken) =>
        clientId is null || !RegistrationTokens.IsClientId(clientId) || catalog.Current.FindClient(clientId) is not null
            ? ValueTask.CompletedTask
            : new ValueTask(RefreshAsync(cancellationToken));

    public void Dispose() => _turn.Dispose();

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var arrived = Interlocked.Read(ref _begun);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // What was begun after we came has seen all that we could see.
            if (Interlocked.Read(ref _begun) == arrived)
            {
                Interlocked.Increment(ref _begun);
                await catalog.RefreshAsync(cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }
}
