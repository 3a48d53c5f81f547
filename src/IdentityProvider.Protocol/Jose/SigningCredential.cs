using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace IdentityProvider.Protocol.Jose;

/// <summary>
/// A private key that signs with one algorithm and is published under one <c>kid</c>. May be used from many threads at once; one
/// platform key object serves them all.
/// </summary>
public sealed class SigningCredential : IDisposable
{
    private const int MaximumCachedHeaders = 32;

    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;
    private readonly ConcurrentDictionary<string, byte[]> _encodedHeaders = new(StringComparer.Ordinal);

    private SigningCredential(SigningAlgorithm algorithm, RSA rsa, string? keyId)
    {
        _rsa = rsa;
        Algorithm = algorithm;
        SignatureLength = (rsa.KeySize + 7) / 8;
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        PublicJwk = Publish(keyId, purpose => new JsonWebKey(parameters, purpose));
    }

    private SigningCredential(SigningAlgorithm algorithm, ECDsa ec, string? keyId)
    {
        _ec = ec;
        Algorithm = algorithm;
        SignatureLength = 2 * algorithm.EllipticCurve!.FieldSize;
        var point = ec.ExportParameters(includePrivateParameters: false).Q;
        var parameters = new ECParameters { Curve = algorithm.EllipticCurve.Platform, Q = point };
        PublicJwk = Publish(keyId, purpose => new JsonWebKey(parameters, algorithm.EllipticCurve, purpose));
    }

    public SigningAlgorithm Algorithm { get; }

    /// <summary>The <c>kid</c> in headers and in the published key; the RFC 7638 thumbprint unless another was given.</summary>
    public string KeyId => PublicJwk.KeyId!;

    /// <summary>What the JWK Set publishes: <c>use=sig</c>, <c>alg</c>, <c>kid</c>, and the public key.</summary>
    public JsonWebKey PublicJwk { get; }

    /// <summary>Octets of one signature.</summary>
    public int SignatureLength { get; }

    /// <summary>Makes a new key.</summary>
    /// <param name="algorithm">What it signs with; decides the curve.</param>
    /// <param name="keyId">Null for the thumbprint.</param>
    /// <param name="rsaBits">2048 to 8192; a signature of 3072 bits costs about 7 times as much as one of 2048. Ignored for EC.</param>
    public static SigningCredential Create(SigningAlgorithm algorithm, string? keyId = null, int rsaBits = 2048)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        if (algorithm.EllipticCurve is { } curve)
        {
            return new SigningCredential(algorithm, ECDsa.Create(curve.Platform), keyId);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(rsaBits, RsaKeyRules.MinimumBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rsaBits, RsaKeyRules.MaximumBits);
        return new SigningCredential(algorithm, RSA.Create(rsaBits), keyId);
    }

    /// <summary>Takes up a key that <see cref="ExportPkcs8"/> or another tool wrote as PKCS#8 <c>PrivateKeyInfo</c>, DER.</summary>
    /// <exception cref="CryptographicException">The bytes are no such key, or the key is too weak or of the wrong kind for the algorithm.</exception>
    public static SigningCredential ImportPkcs8(SigningAlgorithm algorithm, ReadOnlySpan<byte> pkcs8, string? keyId = null)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        if (algorithm.EllipticCurve is { } curve)
        {
            var ec = ECDsa.Create();
            ec.ImportPkcs8PrivateKey(pkcs8, out _);
            if (!string.Equals(ec.ExportParameters(includePrivateParameters: false).Curve.Oid.Value, curve.Platform.Oid.Value, StringComparison.Ordinal))
            {
                throw new CryptographicException($"The key is not on the curve {curve.Name} that {algorithm} needs.");
            }

            return new SigningCredential(algorithm, ec, keyId).Checked();
        }

        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(pkcs8, out _);
        return new SigningCredential(algorithm, rsa, keyId).Checked();
    }

    /// <summary>Takes up a private JWK, as clients keep theirs.</summary>
    /// <exception cref="CryptographicException">The key has no private part, or does not fit the algorithm.</exception>
    public static SigningCredential ImportJwk(SigningAlgorithm algorithm, JsonWebKey privateKey)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        ArgumentNullException.ThrowIfNull(privateKey);
        if (!privateKey.HasPrivateKey || !privateKey.MayVerify(algorithm))
        {
            throw new CryptographicException($"The JWK has no private part or is not for {algorithm}.");
        }

        var credential = algorithm.EllipticCurve is null
            ? new SigningCredential(algorithm, RSA.Create(privateKey.GetRsaParameters()), privateKey.KeyId)
            : new SigningCredential(algorithm, ECDsa.Create(privateKey.GetEcParameters()), privateKey.KeyId);
        return credential.Checked();
    }

    /// <summary>The private key as PKCS#8 <c>PrivateKeyInfo</c>, DER, not encrypted: the caller wraps it and clears the array.</summary>
    public byte[] ExportPkcs8() => _rsa?.ExportPkcs8PrivateKey() ?? _ec!.ExportPkcs8PrivateKey();

    /// <summary>Signs the data; the form is that of RFC 7518 §3.3 to §3.5 (for EC r and s side by side, not DER).</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        var signature = new byte[SignatureLength];
        Sign(data, signature);
        return signature;
    }

    /// <summary>Signs into a buffer of at least <see cref="SignatureLength"/> octets and returns how many were written.</summary>
    public int Sign(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        var written = 0;
        var done = _rsa is not null
            ? _rsa.TrySignData(data, destination, Algorithm.Hash, Algorithm.Padding!, out written)
            : _ec!.TrySignData(data, destination, Algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out written);
        return done ? written : throw new ArgumentException("The buffer is shorter than a signature.", nameof(destination));
    }

    public void Dispose()
    {
        _rsa?.Dispose();
        _ec?.Dispose();
    }

    /// <summary>The base64url of the protected header for that <c>typ</c>, made once.</summary>
    internal byte[] GetEncodedHeader(string type)
    {
        if (_encodedHeaders.TryGetValue(type, out var header))
        {
            return header;
        }

        header = JwtHeaderEncoding.Encode(Algorithm, type, KeyId);
        if (_encodedHeaders.Count < MaximumCachedHeaders)
        {
            _encodedHeaders.TryAdd(type, header);
        }

        return header;
    }

    private JsonWebKey Publish(string? keyId, Func<JsonWebKeyPurpose, JsonWebKey> make) =>
        make(JsonWebKeyPurpose.Signing(keyId ?? make(JsonWebKeyPurpose.Signing(keyId: null, Algorithm)).Thumbprint, Algorithm));

    // A key from outside: as strong as we ask of others, and its two halves belong together.
    private SigningCredential Checked()
    {
        if (_rsa is not null && RsaKeyRules.FindProblem(PublicJwk.Modulus.Span, PublicJwk.Exponent.Span) is { } problem)
        {
            throw new CryptographicException(problem);
        }

        var probe = "pairwise consistency"u8;
        return PublicJwk.Verify(Algorithm, probe, Sign(probe)) ? this : throw new CryptographicException("The private and the public key do not belong together.");
    }
}
