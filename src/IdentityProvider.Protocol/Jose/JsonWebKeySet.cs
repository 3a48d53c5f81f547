using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace IdentityProvider.Protocol.Jose;

/// <summary>A JWK Set: RFC 7517 §5. Immutable; may be used from many threads.</summary>
public sealed class JsonWebKeySet(IEnumerable<JsonWebKey> keys)
{
    /// <summary>Largest document read, in octets.</summary>
    public const int MaximumLength = 64 * 1024;

    /// <summary>Most members of <c>keys</c>, usable or not.</summary>
    public const int MaximumKeys = 100;

    // One token must not cost a verification for each of a hundred keys.
    private const int MaximumCandidates = 4;

    public IReadOnlyList<JsonWebKey> Keys { get; } = [.. keys];

    /// <summary>
    /// Reads a set of public keys. Entries of a <c>kty</c> or <c>crv</c> we do not know are passed over (RFC 7517 §5).
    /// </summary>
    /// <param name="utf8Json">The document.</param>
    /// <param name="strict">
    /// True for what a client registers with us: two keys of one <c>kid</c>, a symmetric or private key, or any malformed entry refuse the
    /// whole set. False for what an upstream provider publishes: such entries are passed over, and of one <c>kid</c> each key is tried.
    /// </param>
    /// <param name="set">The set; may be empty only when <paramref name="strict"/> is false.</param>
    /// <param name="reason">Why not, for a log or the administrator who typed it.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> utf8Json,
        bool strict,
        [NotNullWhen(true)] out JsonWebKeySet? set,
        [NotNullWhen(false)] out string? reason)
    {
        set = null;
        if (!TryReadEntries(utf8Json, out var entries, out reason))
        {
            return false;
        }

        var keys = new List<JsonWebKey>();
        foreach (var entry in entries.EnumerateArray())
        {
            if (TryReadEntry(entry, out var key, out var problem))
            {
                keys.Add(key);
            }
            else if (strict && problem is not null)
            {
                reason = problem;
                return false;
            }
        }

        reason = strict ? FindSetProblem(keys) : null;
        if (reason is not null)
        {
            return false;
        }

        set = new JsonWebKeySet(keys);
        return true;
    }

    /// <summary>
    /// The keys a signature may be tried with. With a <c>kid</c>: the keys of that name, or else the keys without a name. Without one:
    /// the only key that fits the algorithm; with several we do not guess. At most four.
    /// </summary>
    public IReadOnlyList<JsonWebKey> FindCandidates(string? keyId, SigningAlgorithm algorithm)
    {
        if (keyId is null)
        {
            var fitting = Keys.Where(key => key.MayVerify(algorithm)).Take(2).ToArray();
            return fitting.Length == 1 ? fitting : [];
        }

        var named = Keys.Where(key => string.Equals(key.KeyId, keyId, StringComparison.Ordinal)).Take(MaximumCandidates).ToArray();
        return named.Length > 0 ? named : [.. Keys.Where(key => key.KeyId is null).Take(MaximumCandidates)];
    }

    /// <summary>Writes the set with the public members only.</summary>
    public void WritePublicTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteStartArray("keys"u8);
        foreach (var key in Keys)
        {
            key.WritePublicTo(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static bool TryReadEntries(ReadOnlySpan<byte> utf8Json, out JsonElement entries, [NotNullWhen(false)] out string? reason)
    {
        entries = default;
        if (utf8Json.Length > MaximumLength)
        {
            reason = "JWK Set above 64 KiB";
            return false;
        }

        if (!StrictJson.TryParseObject(utf8Json, out var document, out reason))
        {
            return false;
        }

        if (!document.TryGetProperty("keys"u8, out entries) || entries.ValueKind != JsonValueKind.Array)
        {
            reason = "keys is missing or not an array";
            return false;
        }

        reason = entries.GetArrayLength() > MaximumKeys ? "JWK Set of more than 100 keys" : null;
        return reason is null;
    }

    // False with a null problem: an entry to pass over even when strict, as a type or curve of the future (RFC 7517 §5).
    private static bool TryReadEntry(JsonElement entry, [NotNullWhen(true)] out JsonWebKey? key, out string? problem)
    {
        key = null;
        problem = null;
        if (entry.ValueKind != JsonValueKind.Object)
        {
            problem = "an entry of keys is not an object";
            return false;
        }

        var keyType = entry.TryGetProperty("kty"u8, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        switch (keyType)
        {
            case JsonWebKey.EllipticCurveKeyType when HasForeignCurve(entry):
                return false;
            case JsonWebKey.RsaKeyType or JsonWebKey.EllipticCurveKeyType:
                if (!JsonWebKeyParser.TryParse(entry, out key, out problem))
                {
                    return false;
                }

                if (key.HasPrivateKey)
                {
                    (key, problem) = (null, "a private key in a set of public keys");
                }

                return key is not null;
            case "oct":
                problem = "a symmetric key in a set of public keys";
                return false;
            case null:
                problem = "an entry of keys without kty";
                return false;
            default:
                return false;
        }
    }

    private static bool HasForeignCurve(JsonElement entry) =>
        entry.TryGetProperty("crv"u8, out var curve) && curve.ValueKind == JsonValueKind.String && EllipticCurve.Find(curve.GetString()) is null;

    private static string? FindSetProblem(List<JsonWebKey> keys)
    {
        if (keys.Count == 0)
        {
            return "JWK Set without a usable RSA or EC key";
        }

        var named = keys.Where(key => key.KeyId is not null).Select(key => key.KeyId!).ToArray();
        if (named.Distinct(StringComparer.Ordinal).Count() != named.Length)
        {
            return "two keys of one kid (RFC 7517 §4.5)";
        }

        return keys.Count > 1 && named.Length < keys.Count ? "several keys, and one of them without kid" : null;
    }
}
