using System.Globalization;
using System.Security.Cryptography;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Keys;

/// <summary>
/// A record of the ring with its unwrapped secret, ready for use. Kept from one snapshot to the next; never disposed of while a request
/// may still sign with it, the platform's handles are freed by their finalizers.
/// </summary>
internal sealed class LoadedKey
{
    private LoadedKey(KeyRecord record, SigningCredential? signer, byte[]? secret)
    {
        Record = record;
        Signer = signer;
        Secret = secret;
        Number = record.Purpose is KeyPurposes.Sealing or KeyPurposes.Mac
            ? uint.Parse(record.Id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : 0;
    }

    public KeyRecord Record { get; }

    /// <summary>Of a signing key; null for others.</summary>
    public SigningCredential? Signer { get; }

    /// <summary>Of all others; null for a signing key.</summary>
    public byte[]? Secret { get; }

    /// <summary>The number sealed values and MACs bear: the record's id read as hexadecimal. 0 for other keys.</summary>
    public uint Number { get; }

    /// <summary>
    /// Null when it is of a purpose or algorithm this version does not know: a newer version runs beside us and made it.
    /// </summary>
    /// <exception cref="KeyRingException">The secret cannot be unwrapped.</exception>
    public static LoadedKey? Load(KeyRecord record, MasterKeys masterKeys)
    {
        switch (record.Purpose)
        {
            case KeyPurposes.Signing:
                return SigningAlgorithm.Find(record.Algorithm) is { } algorithm ? LoadSigner(record, algorithm, masterKeys) : null;
            case KeyPurposes.Sealing or KeyPurposes.Mac or KeyPurposes.DataProtection or KeyPurposes.Subject:
                return new LoadedKey(record, signer: null, masterKeys.Unwrap(record));
            default:
                return null;
        }
    }

    /// <summary>The same key with the dates of a newer record.</summary>
    public LoadedKey With(KeyRecord record) => new(record, Signer, Secret);

    private static LoadedKey LoadSigner(KeyRecord record, SigningAlgorithm algorithm, MasterKeys masterKeys)
    {
        var secret = masterKeys.Unwrap(record);
        try
        {
            return new LoadedKey(record, SigningCredential.ImportPkcs8(algorithm, secret, record.Id), secret: null);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
