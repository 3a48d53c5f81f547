using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Discovery;
using IdentityProvider.Protocol.Jose;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Keys;

/// <summary>
/// The keys of this server as every request uses them: reads of memory, no lock. The database's ring is polled by
/// <see cref="RefreshAsync"/>; a key that activates, retires or is removed by its dates does so here without a read.
/// </summary>
/// <remarks>With several nodes each has its own copy, at most one poll (half a second) behind the database.</remarks>
public sealed class KeyRing(IKeyStore store, TimeProvider clock, IOptions<ProtocolOptions> options) : ISigningKeys, IDisposable
{
    private readonly SemaphoreSlim _loading = new(1, 1);
    private readonly Lock _renewing = new();
    private volatile KeyRingSnapshot? _snapshot;
    private MasterKeys? _masterKeys;
    private long _checkedAt;

    /// <summary>
    /// Algorithms with an active key, in the order of the options; the first is the default. One that was taken out of the options
    /// stands at the end until its last key retires.
    /// </summary>
    public IReadOnlyList<SigningAlgorithm> Algorithms => Current.Algorithms;

    public JsonWebKeySet VerificationKeys => Current.PublicKeys;

    /// <summary>The JWK Set to serve now.</summary>
    public JsonWebKeySetDocument Document => Current.Document;

    /// <summary>Changes with every change of the ring in the database, not when the clock moves a key on.</summary>
    public long Version => Current.Version;

    /// <summary>
    /// How long ago the database last told that this copy is the newest; null before the first load. By elapsed time, so setting the clock
    /// does not change it. A node that cannot read the ring for longer than the announcement would publish too few keys; it stops being ready
    /// long before.
    /// </summary>
    public TimeSpan? Age => _snapshot is null ? null : clock.GetElapsedTime(Interlocked.Read(ref _checkedAt));

    /// <summary>Every stored key with its dates, also those removed lately; without secrets that could be used.</summary>
    public IReadOnlyList<KeyRecord> Records => Current.Records;

    /// <summary>Where the master key in use came from, in words for the operator.</summary>
    public string MasterKeySource => LoadedMasterKeys.Current.Source;

    /// <summary>The time for dates of records: whole seconds, which every database gives back unchanged.</summary>
    internal DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());

    internal KeyRingSnapshot Current
    {
        get
        {
            var snapshot = _snapshot ?? throw new InvalidOperationException("The key ring has not been loaded yet.");
            return clock.GetUtcNow() < snapshot.Until ? snapshot : Renew();
        }
    }

    public SigningCredential GetSigner(SigningAlgorithm algorithm) => Current.GetSigner(algorithm);

    /// <summary>Takes over what changed in the database. One cheap read when nothing did.</summary>
    /// <exception cref="KeyRingException">A key cannot be unwrapped, or there is no master key. The copy stays as it was.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            var (now, checkedAt) = (clock.GetUtcNow(), clock.GetTimestamp());
            if (_snapshot is not { } snapshot || await store.GetVersionAsync(cancellationToken) != snapshot.Version)
            {
                Take(await store.GetAsync(cancellationToken), now);
            }
            else if (now < snapshot.From)
            {
                Renew(); // the clock was set back
            }

            Interlocked.Exchange(ref _checkedAt, checkedAt);
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();

    /// <summary>Carries out a change if the ring is still the one in memory, and loads the outcome. True for one caller in the cluster.</summary>
    internal async Task<bool> TryChangeAsync(KeyRingChange change, CancellationToken cancellationToken)
    {
        var snapshot = Current;
        var now = Now;
        var taken = snapshot.Records.Select(record => record.Id).ToHashSet(StringComparer.Ordinal);
        var created = change.Created.Select(item => NewKeys.Create(
            item.Kind, now, item.ActivatesAt, options.Value.Keys.RsaKeySize, taken, LoadedMasterKeys));
        return await TryChangeAsync(snapshot.Version, [.. change.Replaced, .. created], change.Removed, cancellationToken);
    }

    /// <summary>The secrets of one purpose, in clear.</summary>
    internal IReadOnlyList<byte[]> GetSecrets(string purpose) =>
    [
        .. Current.Keys.Where(key => string.Equals(key.Record.Purpose, purpose, StringComparison.Ordinal) && key.Secret is not null).Select(key => key.Secret!),
    ];

    /// <summary>Stores a secret that we did not make.</summary>
    internal Task<bool> TryAddAsync(string id, KeyKind kind, ReadOnlyMemory<byte> secret, CancellationToken cancellationToken)
    {
        var now = Now;
        var record = new KeyRecord
        {
            Id = id,
            Purpose = kind.Purpose,
            Algorithm = kind.Algorithm,
            CreatedAt = now,
            ActivatesAt = now,
            WrappedSecret = LoadedMasterKeys.Current.Wrap(id, kind.Purpose, kind.Algorithm, secret.Span),
        };
        return TryChangeAsync(Version, [record], [], cancellationToken);
    }

    /// <summary>Wraps again what another master key wrapped, and tells how many; null when the ring changed meanwhile.</summary>
    internal async Task<int?> TryRewrapAsync(CancellationToken cancellationToken)
    {
        var snapshot = Current;
        var rewrapped = snapshot.Records.Where(LoadedMasterKeys.NeedsRewrap).Select(LoadedMasterKeys.Rewrap).ToArray();
        return rewrapped.Length == 0 || await TryChangeAsync(snapshot.Version, rewrapped, [], cancellationToken) ? rewrapped.Length : null;
    }

    // An empty ring needs none until the first key is made: looking at it makes no file.
    private MasterKeys LoadedMasterKeys => _masterKeys ??= MasterKeys.Load(options.Value.Keys, ringIsEmpty: Current.Records.Count == 0);

    private async Task<bool> TryChangeAsync(
        long version, IReadOnlyCollection<KeyRecord> records, IReadOnlyCollection<string> removed, CancellationToken cancellationToken)
    {
        var done = await store.TryChangeAsync(version, records, removed, cancellationToken);
        await RefreshAsync(cancellationToken);
        return done;
    }

    private void Take(KeyRingState state, DateTimeOffset now)
    {
        var masterKeys = state.Keys.Count == 0 ? _masterKeys : _masterKeys ??= MasterKeys.Load(options.Value.Keys, ringIsEmpty: false);
        var known = _snapshot?.Keys.ToDictionary(key => key.Record.Id, StringComparer.Ordinal) ?? [];
        var keys = new List<LoadedKey>();
        foreach (var record in state.Keys)
        {
            var key = known.TryGetValue(record.Id, out var loaded) ? loaded.With(record) : LoadedKey.Load(record, masterKeys!);
            if (key is not null)
            {
                keys.Add(key);
            }
        }

        lock (_renewing)
        {
            _snapshot = new KeyRingSnapshot(state.Version, state.Keys, keys, options.Value.Keys, now);
        }
    }

    private KeyRingSnapshot Renew()
    {
        lock (_renewing)
        {
            var snapshot = _snapshot!;
            var now = clock.GetUtcNow();
            return snapshot.From <= now && now < snapshot.Until
                ? snapshot
                : _snapshot = new KeyRingSnapshot(snapshot.Version, snapshot.Records, snapshot.Keys, options.Value.Keys, now);
        }
    }
}
