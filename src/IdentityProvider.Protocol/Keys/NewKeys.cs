using System.Security.Cryptography;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Keys;

/// <summary>Makes keys for the ring.</summary>
internal static class NewKeys
{
    private const int SecretLength = 32;

    /// <summary>Makes a key and its record; the secret leaves here only wrapped.</summary>
    /// <param name="kind">What it is for.</param>
    /// <param name="createdAt">Now.</param>
    /// <param name="activatesAt">When it takes over; now or earlier for a key that nobody needs to be told of.</param>
    /// <param name="rsaKeySize">In bits; for RSA alone.</param>
    /// <param name="takenIds">Ids that are in the ring already; the new one is added.</param>
    /// <param name="masterKeys">Wraps the secret.</param>
    public static KeyRecord Create(
        KeyKind kind, DateTimeOffset createdAt, DateTimeOffset activatesAt, int rsaKeySize, HashSet<string> takenIds, MasterKeys masterKeys)
    {
        var (id, secret) = kind.IsSigning ? CreateSigner(kind.Algorithm, rsaKeySize) : CreateSecret(takenIds);
        try
        {
            return new KeyRecord
            {
                Id = id,
                Purpose = kind.Purpose,
                Algorithm = kind.Algorithm,
                CreatedAt = createdAt,
                ActivatesAt = activatesAt,
                WrappedSecret = masterKeys.Current.Wrap(id, kind.Purpose, kind.Algorithm, secret),
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static (string Id, byte[] Secret) CreateSigner(string algorithm, int rsaKeySize)
    {
        var known = SigningAlgorithm.Find(algorithm) ?? throw new InvalidOperationException($"{algorithm} is not a signature algorithm we know.");
        using var signer = SigningCredential.Create(known, rsaBits: rsaKeySize);
        return (signer.KeyId, signer.ExportPkcs8());
    }

    // A name of 32 bits, because every sealed value and refresh token bears it.
    private static (string Id, byte[] Secret) CreateSecret(HashSet<string> takenIds)
    {
        string id;
        do
        {
            id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(sizeof(uint)));
        }
        while (!takenIds.Add(id));

        return (id, RandomNumberGenerator.GetBytes(SecretLength));
    }
}
