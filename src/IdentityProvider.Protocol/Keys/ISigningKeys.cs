using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Keys;

/// <summary>The server's own signing keys, as the ring holds them now. Both members are reads of memory.</summary>
public interface ISigningKeys
{
    /// <summary>The active key of the algorithm. Belongs to the ring; not to be disposed.</summary>
    /// <exception cref="InvalidOperationException">The ring keeps no key for that algorithm: a fault of configuration.</exception>
    SigningCredential GetSigner(SigningAlgorithm algorithm);

    /// <summary>Algorithms the ring keeps keys for.</summary>
    IReadOnlyList<SigningAlgorithm> Algorithms { get; }

    /// <summary>Announced, active and retired keys: what our own tokens are verified with, and what the JWK Set publishes.</summary>
    JsonWebKeySet VerificationKeys { get; }
}
