namespace IdentityProvider.Storage;

/// <summary>What <see cref="StorageDiagnostics.Count"/> counted.</summary>
public sealed class StatementCount : IDisposable
{
    private int _reads;
    private int _writes;

    internal StatementCount()
    {
    }

    public int Reads => Volatile.Read(ref _reads);

    public int Writes => Volatile.Read(ref _writes);

    public void Dispose() => StorageDiagnostics.Leave(this);

    internal void Add(bool isWrite)
    {
        if (isWrite)
        {
            Interlocked.Increment(ref _writes);
        }
        else
        {
            Interlocked.Increment(ref _reads);
        }
    }
}
