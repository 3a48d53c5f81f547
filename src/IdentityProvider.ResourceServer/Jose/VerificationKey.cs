using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace IdentityProvider.ResourceServer.Jose;

/// <summary>
/// A public key of the issuer with the one algorithm it is for. Which algorithm that is says the key, never the token
/// (RFC 8725 §3.1).
/// </summary>
internal sealed class VerificationKey
{
    // The platform does not promise that one instance may verify on several threads at once, so instances are lent out.
    private readonly ConcurrentBag<AsymmetricAlgorithm> _idle = [];
    private readonly Func<AsymmetricAlgorithm> _create;

    /// <exception cref="CryptographicException">The platform refuses the key, such as a point off its curve.</exception>
    public VerificationKey(string id, SignatureAlgorithm algorithm, Func<AsymmetricAlgorithm> create)
    {
        Id = id;
        Algorithm = algorithm;
        _create = create;
        _idle.Add(create());
    }

    public string Id { get; }

    public SignatureAlgorithm Algorithm { get; }

    public bool Verify(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
    {
        if (!_idle.TryTake(out var key))
        {
            key = _create();
        }

        try
        {
            return key switch
            {
                RSA rsa => rsa.VerifyData(signingInput, signature, Algorithm.Hash, Algorithm.Padding!),

                // RFC 7518 §3.4: r and s, each at full length; nothing shorter, no DER.
                ECDsa ecdsa => signature.Length == 2 * Algorithm.Curve!.Size
                    && ecdsa.VerifyData(
                        signingInput, signature, Algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
                _ => false,
            };
        }
        finally
        {
            _idle.Add(key);
        }
    }
}
