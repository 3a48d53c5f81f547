namespace IdentityProvider.Protocol.Jose;

/// <summary>A JWS that nothing cheap speaks against: what is left is its payload and the signature.</summary>
internal readonly ref struct OpenedJws(CompactJws parts, JoseHeader header, SigningAlgorithm algorithm, IReadOnlyList<JsonWebKey> candidates)
{
    public CompactJws Parts { get; } = parts;

    public JoseHeader Header { get; } = header;

    public SigningAlgorithm Algorithm { get; } = algorithm;

    /// <summary>The keys it may be of; usually one.</summary>
    public IReadOnlyList<JsonWebKey> Candidates { get; } = candidates;
}
