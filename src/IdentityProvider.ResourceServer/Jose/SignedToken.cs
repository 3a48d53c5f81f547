using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace IdentityProvider.ResourceServer.Jose;

/// <summary>
/// A JWS in compact serialization (RFC 7515 §7.1), taken apart and not yet verified. The payload stays unread until the
/// signature is good.
/// </summary>
internal sealed class SignedToken
{
    // Members that would change what is verified or with which key (RFC 7515 §4.1, RFC 7797 §3). Ours come from the
    // issuer's JWKS alone, so a token that brings its own is refused instead of ignored.
    private static readonly string[] RefusedMembers = ["crit", "b64", "zip", "enc", "jwk", "jku", "x5u", "x5c"];

    private readonly byte[] _signingInput;
    private readonly byte[] _signature;
    private readonly byte[] _payload;

    private SignedToken(string algorithm, string keyId, string type, byte[] signingInput, byte[] signature, byte[] payload)
    {
        Algorithm = algorithm;
        KeyId = keyId;
        Type = type;
        _signingInput = signingInput;
        _signature = signature;
        _payload = payload;
    }

    /// <summary>What the header says; only ever compared with the key's algorithm.</summary>
    public string Algorithm { get; }

    public string KeyId { get; }

    /// <summary><c>typ</c>, lower case and without the <c>application/</c> prefix (RFC 7515 §4.1.9); empty if absent.</summary>
    public string Type { get; }

    public static bool TryParse(
        string text, [NotNullWhen(true)] out SignedToken? token, [NotNullWhen(false)] out string? problem)
    {
        token = null;
        problem = null;
        var header = text.IndexOf('.', StringComparison.Ordinal);
        var signature = text.LastIndexOf('.');
        if (header < 0
            || text.AsSpan().Count('.') != 2
            || Base64UrlText.Decode(text.AsSpan(0, header)) is not { } headerBytes
            || Base64UrlText.Decode(text.AsSpan(header + 1, signature - header - 1)) is not { } payloadBytes
            || Base64UrlText.Decode(text.AsSpan(signature + 1)) is not { } signatureBytes)
        {
            problem = "not a JWS in compact serialization";
            return false;
        }

        if (!StrictJson.TryParseObject(headerBytes, out var members))
        {
            problem = "header is not one JSON object without duplicates";
            return false;
        }

        if (RefusedMembers.FirstOrDefault(name => members.TryGetProperty(name, out _)) is { } refused)
        {
            problem = $"header has {refused}";
            return false;
        }

        if (members.FindString("alg") is not { } algorithm
            || members.FindString("kid") is not { } keyId)
        {
            problem = "header lacks alg or kid";
            return false;
        }

        var signingInput = Encoding.ASCII.GetBytes(text, 0, signature);
        var type = Normalize(members.FindString("typ") ?? "");
        token = new SignedToken(algorithm, keyId, type, signingInput, signatureBytes, payloadBytes);
        return true;
    }

    public bool IsSignedBy(VerificationKey key) =>
        string.Equals(Algorithm, key.Algorithm.Name, StringComparison.Ordinal) && key.Verify(_signingInput, _signature);

    /// <summary>The claims; only to be asked for after <see cref="IsSignedBy"/>.</summary>
    public bool TryReadClaims(out JsonElement claims) => StrictJson.TryParseObject(_payload, out claims);

    private static string Normalize(string type)
    {
        const string Prefix = "application/";
        return (type.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? type[Prefix.Length..] : type).ToLowerInvariant();
    }
}
