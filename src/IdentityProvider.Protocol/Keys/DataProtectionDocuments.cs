namespace IdentityProvider.Protocol.Keys;

/// <summary>
/// The XML documents of ASP.NET data protection, kept in the ring and wrapped like every other secret of it, so that every node and every
/// restart has the same. Data protection itself decides what they say and how long they live.
/// </summary>
public sealed class DataProtectionDocuments(KeyRing ring)
{
    private const int MostAttempts = 16;

    /// <summary>All documents, as UTF-8. Reads the database when it has something newer.</summary>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> GetAllAsync(CancellationToken cancellationToken)
    {
        await ring.RefreshAsync(cancellationToken);
        return [.. ring.GetSecrets(KeyPurposes.DataProtection).Select(document => new ReadOnlyMemory<byte>(document))];
    }

    /// <summary>Adds a document under a name that no other has.</summary>
    public async Task AddAsync(string name, ReadOnlyMemory<byte> document, CancellationToken cancellationToken)
    {
        await ring.RefreshAsync(cancellationToken);
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (await ring.TryAddAsync(name, new KeyKind(KeyPurposes.DataProtection, KeyAlgorithms.Xml), document, cancellationToken))
            {
                return;
            }
        }

        throw new InvalidOperationException("The key ring changed again and again while we tried to change it.");
    }
}
