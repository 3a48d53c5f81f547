namespace IdentityProvider.Server.Composition;

/// <summary>Requests that the database failed, on this node since the start: written by <see cref="Faults"/>, read by <see cref="StorageReadiness"/>.</summary>
internal sealed class Outages
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Note() => Interlocked.Increment(ref _count);
}
