using System.Runtime.InteropServices;

namespace IdentityProvider.Protocol.Keys;

/// <summary>What is to be changed in the ring, in one transaction. New keys are only described: they are made when it is certain that they are needed.</summary>
internal sealed class KeyRingChange
{
    private readonly List<(KeyKind Kind, DateTimeOffset ActivatesAt)> _created = [];
    private readonly List<KeyRecord> _replaced = [];
    private readonly List<string> _removed = [];

    public bool IsEmpty => _created.Count == 0 && _replaced.Count == 0 && _removed.Count == 0;

    public IReadOnlyList<(KeyKind Kind, DateTimeOffset ActivatesAt)> Created => _created;

    public IReadOnlyList<KeyRecord> Replaced => _replaced;

    public IReadOnlyList<string> Removed => _removed;

    public void Create(KeyKind kind, DateTimeOffset activatesAt) => _created.Add((kind, activatesAt));

    public void Replace(KeyRecord record) => _replaced.Add(record);

    public void Remove(KeyRecord record) => _removed.Add(record.Id);
}

/// <summary>Purpose and algorithm: of each kind one key is active at a time.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyKind(string Purpose, string Algorithm)
{
    public bool IsSigning => string.Equals(Purpose, KeyPurposes.Signing, StringComparison.Ordinal);

    public bool Matches(KeyRecord record) =>
        string.Equals(record.Purpose, Purpose, StringComparison.Ordinal) && string.Equals(record.Algorithm, Algorithm, StringComparison.Ordinal);
}
