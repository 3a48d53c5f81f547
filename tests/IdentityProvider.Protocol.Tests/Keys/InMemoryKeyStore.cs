using IdentityProvider.Protocol.Keys;

namespace IdentityProvider.Protocol.Tests.Keys;

/// <summary>The key store's contract in memory; counts what it was asked.</summary>
internal sealed class InMemoryKeyStore : IKeyStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, KeyRecord> _keys = new(StringComparer.Ordinal);
    private long _version;

    public int Reads { get; private set; }

    public int Changes { get; private set; }

    public IReadOnlyList<KeyRecord> Keys
    {
        get
        {
            lock (_lock)
            {
                return [.. _keys.Values];
            }
        }
    }

    public Task<KeyRingState> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Reads++;
            return Task.FromResult(new KeyRingState(_version, [.. _keys.Values]));
        }
    }

    public Task<long> GetVersionAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_version);
        }
    }

    public async Task<bool> TryChangeAsync(
        long expectedVersion, IReadOnlyCollection<KeyRecord> addOrReplace, IReadOnlyCollection<string> removeIds, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (_lock)
        {
            if (expectedVersion != _version)
            {
                return false;
            }

            foreach (var record in addOrReplace)
            {
                _keys[record.Id] = record;
            }

            foreach (var id in removeIds)
            {
                _keys.Remove(id);
            }

            _version++;
            Changes++;
            return true;
        }
    }

    /// <summary>Changes a stored record behind everybody's back.</summary>
    public void Tamper(KeyRecord record)
    {
        lock (_lock)
        {
            _keys[record.Id] = record;
            _version++;
        }
    }
}
