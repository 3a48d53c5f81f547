namespace IdentityProvider.Protocol.Keys;

/// <summary>The key ring in the database.</summary>
public interface IKeyStore
{
    /// <summary>All keys, with the ring's version.</summary>
    Task<KeyRingState> GetAsync(CancellationToken cancellationToken);

    /// <summary>The ring's version alone: one cheap read.</summary>
    Task<long> GetVersionAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Applies a change to the ring, in one transaction, if its version is still <paramref name="expectedVersion"/>; the version grows by one.
    /// True for one caller in the cluster: this is how rotation happens once.
    /// </summary>
    Task<bool> TryChangeAsync(
        long expectedVersion,
        IReadOnlyCollection<KeyRecord> addOrReplace,
        IReadOnlyCollection<string> removeIds,
        CancellationToken cancellationToken);
}

/// <summary>The ring as read.</summary>
public sealed record KeyRingState(long Version, IReadOnlyList<KeyRecord> Keys);
