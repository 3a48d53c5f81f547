using System.Collections.Frozen;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Discovery;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Keys;

/// <summary>The ring at one version and in one stretch of time in which no key changes its phase. Immutable.</summary>
internal sealed class KeyRingSnapshot
{
    private readonly FrozenDictionary<SigningAlgorithm, SigningCredential> _signers;
    private readonly FrozenDictionary<uint, byte[]> _sealingKeys;
    private readonly FrozenDictionary<uint, byte[]> _macKeys;
    private readonly LoadedKey? _activeSealingKey;
    private readonly LoadedKey? _activeMacKey;
    private readonly LoadedKey? _subjectKey;

    public KeyRingSnapshot(long version, IReadOnlyList<KeyRecord> records, IReadOnlyList<LoadedKey> keys, KeyOptions options, DateTimeOffset now)
    {
        Version = version;
        Records = records;
        Keys = keys;
        From = now;
        var present = keys.Where(key => key.Record.PhaseAt(now) != KeyPhase.Removed).ToArray();
        Until = present.Select(key => key.Record.NextChange(now)).Min() ?? DateTimeOffset.MaxValue;

        var ordered = OrderForPublication(present, options, now);
        PublicKeys = new JsonWebKeySet([.. ordered.Select(key => key.Signer!.PublicJwk)]);
        Document = new JsonWebKeySetDocument(PublicKeys, options.JwksMaxAge);
        _signers = ordered
            .Where(key => key.Record.PhaseAt(now) == KeyPhase.Active)
            .GroupBy(key => key.Signer!.Algorithm)
            .ToFrozenDictionary(group => group.Key, group => group.MaxBy(key => key.Record.ActivatesAt)!.Signer!);
        Algorithms = [.. ordered.Select(key => key.Signer!.Algorithm).Distinct().Where(_signers.ContainsKey)];

        _sealingKeys = Numbered(present, KeyPurposes.Sealing);
        _macKeys = Numbered(present, KeyPurposes.Mac);
        _activeSealingKey = FindActive(present, KeyPurposes.Sealing, now);
        _activeMacKey = FindActive(present, KeyPurposes.Mac, now);
        _subjectKey = keys.Where(key => key.Record.Purpose is KeyPurposes.Subject).MinBy(key => (key.Record.CreatedAt, key.Record.Id));
        MacKeys = [.. _macKeys.Keys.OrderByDescending(number => number == _activeMacKey?.Number).ThenByDescending(number => number)];
    }

    public long Version { get; }

    /// <summary>Everything that is stored, also what this version cannot use.</summary>
    public IReadOnlyList<KeyRecord> Records { get; }

    public IReadOnlyList<LoadedKey> Keys { get; }

    /// <summary>Made for that time; when the clock shows less it was set back.</summary>
    public DateTimeOffset From { get; }

    /// <summary>From then on a key is in another phase.</summary>
    public DateTimeOffset Until { get; }

    public JsonWebKeySet PublicKeys { get; }

    public JsonWebKeySetDocument Document { get; }

    public IReadOnlyList<SigningAlgorithm> Algorithms { get; }

    public LoadedKey ActiveSealingKey => _activeSealingKey ?? throw Missing(KeyPurposes.Sealing);

    public LoadedKey ActiveMacKey => _activeMacKey ?? throw Missing(KeyPurposes.Mac);

    /// <summary>The oldest, should there ever be two: it made the subjects that are known.</summary>
    public LoadedKey SubjectKey => _subjectKey ?? throw Missing(KeyPurposes.Subject);

    public SigningCredential GetSigner(SigningAlgorithm algorithm) => _signers.TryGetValue(algorithm, out var signer)
        ? signer
        : throw new InvalidOperationException(
            $"The key ring has no active {algorithm} key: it is not in Keys:algorithms, or was put there less than the announcement ago.");

    /// <summary>Numbers, the active key first.</summary>
    public IReadOnlyList<uint> MacKeys { get; }

    public byte[]? FindSealingKey(uint number) => _sealingKeys.GetValueOrDefault(number);

    public byte[]? FindMacKey(uint number) => _macKeys.GetValueOrDefault(number);

    // By algorithm in the order of the options, and the newest first: clients that only look at the first key find one that signs.
    private static LoadedKey[] OrderForPublication(LoadedKey[] keys, KeyOptions options, DateTimeOffset now)
    {
        var rank = options.Algorithms.Index().ToDictionary(item => item.Item, item => item.Index, StringComparer.Ordinal);
        return
        [
            .. keys
                .Where(key => key.Signer is not null)
                .OrderBy(key => rank.GetValueOrDefault(key.Record.Algorithm, int.MaxValue))
                .ThenBy(key => key.Record.Algorithm, StringComparer.Ordinal)
                .ThenBy(key => key.Record.PhaseAt(now) != KeyPhase.Active)
                .ThenByDescending(key => key.Record.ActivatesAt)
                .ThenBy(key => key.Record.Id, StringComparer.Ordinal),
        ];
    }

    private static LoadedKey? FindActive(LoadedKey[] keys, string purpose, DateTimeOffset now) => keys
        .Where(key => string.Equals(key.Record.Purpose, purpose, StringComparison.Ordinal) && key.Record.PhaseAt(now) == KeyPhase.Active)
        .MaxBy(key => key.Record.ActivatesAt);

    // Announced keys too: another node may already use one, its clock being a little ahead.
    private static FrozenDictionary<uint, byte[]> Numbered(LoadedKey[] keys, string purpose) => keys
        .Where(key => string.Equals(key.Record.Purpose, purpose, StringComparison.Ordinal))
        .ToFrozenDictionary(key => key.Number, key => key.Secret!);

    private static InvalidOperationException Missing(string purpose) => new($"The key ring has no active {purpose} key.");
}
