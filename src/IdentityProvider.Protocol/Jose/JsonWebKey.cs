using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace IdentityProvider.Protocol.Jose;

/// <summary>
/// An asymmetric JSON Web Key: RFC 7517, RFC 7518 §6. Immutable, judged when it is made (size, exponent, curve, point), so whoever holds
/// one may verify with it. May be used from many threads.
/// </summary>
public sealed class JsonWebKey
{
    /// <summary>The <c>kty</c> of RSA keys.</summary>
    public const string RsaKeyType = "RSA";

    /// <summary>The <c>kty</c> of elliptic curve keys.</summary>
    public const string EllipticCurveKeyType = "EC";

    private readonly RSAParameters _rsa;
    private readonly ECParameters _ec;
    private readonly EllipticCurve? _curve;
    private RSA? _rsaVerifier;
    private ECDsa? _ecVerifier;
    private string? _thumbprint;

    internal JsonWebKey(in RSAParameters rsa, JsonWebKeyPurpose purpose)
    {
        KeyType = RsaKeyType;
        _rsa = rsa;
        Purpose = purpose;
    }

    internal JsonWebKey(in ECParameters ec, EllipticCurve curve, JsonWebKeyPurpose purpose)
    {
        KeyType = EllipticCurveKeyType;
        _ec = ec;
        _curve = curve;
        Purpose = purpose;
    }

    /// <summary><c>kty</c>: <c>RSA</c> or <c>EC</c>.</summary>
    public string KeyType { get; }

    /// <summary><c>kid</c>; null when the key has none.</summary>
    public string? KeyId => Purpose.KeyId;

    /// <summary><c>use</c>; null when not said.</summary>
    public string? Use => Purpose.Use;

    /// <summary><c>key_ops</c>; null when not said, and then <see cref="Use"/> alone decides.</summary>
    public IReadOnlyList<string>? KeyOperations => Purpose.KeyOperations;

    /// <summary><c>alg</c>; null when the key may be used with every algorithm of its type and curve.</summary>
    public string? Algorithm => Purpose.Algorithm;

    /// <summary><c>n</c>, big-endian without leading zeros; empty for EC.</summary>
    public ReadOnlyMemory<byte> Modulus => _rsa.Modulus;

    /// <summary><c>e</c>, big-endian without leading zeros; empty for EC.</summary>
    public ReadOnlyMemory<byte> Exponent => _rsa.Exponent;

    /// <summary><c>crv</c>; null for RSA.</summary>
    public string? Curve => _curve?.Name;

    /// <summary><c>x</c>, as long as the curve's field; empty for RSA.</summary>
    public ReadOnlyMemory<byte> X => _ec.Q.X;

    /// <summary><c>y</c>, as long as the curve's field; empty for RSA.</summary>
    public ReadOnlyMemory<byte> Y => _ec.Q.Y;

    /// <summary>Whether the document held the private part. A client's registered key must not (RFC 7591 §2, <c>jwks</c>).</summary>
    public bool HasPrivateKey => _rsa.D is not null || _ec.D is not null;

    /// <summary>The SHA-256 thumbprint of the public key, base64url: RFC 7638 §3.</summary>
    public string Thumbprint => _thumbprint ??= JwkThumbprint.Compute(this);

    internal JsonWebKeyPurpose Purpose { get; }

    /// <summary>Reads one JWK from UTF-8. On refusal <paramref name="reason"/> says why, for a log.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8Json, [NotNullWhen(true)] out JsonWebKey? key, [NotNullWhen(false)] out string? reason) =>
        JsonWebKeyParser.TryParse(utf8Json, out key, out reason);

    /// <summary>Reads one JWK out of a document that was parsed elsewhere; members given twice are refused here as well.</summary>
    public static bool TryParse(JsonElement element, [NotNullWhen(true)] out JsonWebKey? key, [NotNullWhen(false)] out string? reason)
    {
        if (element.ValueKind == JsonValueKind.Undefined)
        {
            (key, reason) = (null, "no key");
            return false;
        }

        return JsonWebKeyParser.TryParse(JsonMarshal.GetRawUtf8Value(element), out key, out reason);
    }

    /// <summary>
    /// Whether a signature of that algorithm may be verified with this key: type, curve, <c>alg</c>, <c>use</c> and <c>key_ops</c> must all
    /// allow it (RFC 8725 §3.1, RFC 7517 §4.2 to §4.4).
    /// </summary>
    /// <remarks>A private key's <c>key_ops</c> of <c>sign</c> counts as well: its public half verifies what it signs.</remarks>
    public bool MayVerify(SigningAlgorithm algorithm)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        return string.Equals(KeyType, algorithm.KeyType, StringComparison.Ordinal)
            && string.Equals(Curve, algorithm.Curve, StringComparison.Ordinal)
            && (Algorithm is null || string.Equals(Algorithm, algorithm.Name, StringComparison.Ordinal))
            && (Use is null || string.Equals(Use, "sig", StringComparison.Ordinal))
            && (KeyOperations is null || KeyOperations.Contains("verify", StringComparer.Ordinal)
                || (HasPrivateKey && KeyOperations.Contains("sign", StringComparer.Ordinal)));
    }

    /// <summary>
    /// Whether the signature over the data is this key's. False too when <see cref="MayVerify"/> is false, or the signature's form is
    /// not the algorithm's (RFC 7518 §3.3 to §3.5).
    /// </summary>
    public bool Verify(SigningAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (!MayVerify(algorithm))
        {
            return false;
        }

        if (algorithm.EllipticCurve is { } curve)
        {
            return curve.IsPossibleSignature(signature)
                && FindEcVerifier() is { } ec
                && ec.VerifyData(data, signature, algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }

        // RFC 8017 §8.1.2 and §8.2.2 step 1: as long as the modulus.
        return signature.Length == Modulus.Length
            && FindRsaVerifier() is { } rsa
            && rsa.VerifyData(data, signature, algorithm.Hash, algorithm.Padding!);
    }

    /// <summary>Writes the public key as one JSON object. Never writes a private member.</summary>
    public void WritePublicTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("kty"u8, KeyType);
        Purpose.WriteTo(writer);
        WriteKeyMembers(writer);
        writer.WriteEndObject();
    }

    internal RSAParameters GetRsaParameters() => _rsa;

    internal ECParameters GetEcParameters() => _ec;

    private void WriteKeyMembers(Utf8JsonWriter writer)
    {
        if (_curve is null)
        {
            writer.WriteString("n"u8, Base64Url.EncodeToString(_rsa.Modulus));
            writer.WriteString("e"u8, Base64Url.EncodeToString(_rsa.Exponent));
        }
        else
        {
            writer.WriteString("crv"u8, _curve.Name);
            writer.WriteString("x"u8, Base64Url.EncodeToString(_ec.Q.X));
            writer.WriteString("y"u8, Base64Url.EncodeToString(_ec.Q.Y));
        }
    }

    // The platform's key objects are made at first use and kept: importing costs as much as verifying. They hold only the public part
    // and are freed with this object by their handles' finalizers. Losing the race below throws away one of two equal objects. A key
    // that passed our checks and that this platform still will not import is a stranger's odd key and verifies nothing: null.
    private RSA? FindRsaVerifier() =>
        Volatile.Read(ref _rsaVerifier) ?? Keep(ref _rsaVerifier, _rsa, static key => RSA.Create(new RSAParameters { Modulus = key.Modulus, Exponent = key.Exponent }));

    private ECDsa? FindEcVerifier() =>
        Volatile.Read(ref _ecVerifier) ?? Keep(ref _ecVerifier, _ec, static key => ECDsa.Create(new ECParameters { Curve = key.Curve, Q = key.Q }));

    private static T? Keep<TKey, T>(ref T? place, TKey key, Func<TKey, T> import)
        where T : class, IDisposable
    {
        T created;
        try
        {
            created = import(key);
        }
        catch (CryptographicException)
        {
            return null;
        }

        if (Interlocked.CompareExchange(ref place, created, comparand: null) is not { } earlier)
        {
            return created;
        }

        created.Dispose();
        return earlier;
    }
}
