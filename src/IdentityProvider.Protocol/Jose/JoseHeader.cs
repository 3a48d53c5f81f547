using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace IdentityProvider.Protocol.Jose;

/// <summary>A protected header with only the parameters we accept: RFC 7515 §4.1. Read, but not believed: nothing is verified yet.</summary>
internal sealed record JoseHeader(JsonElement Element, string Algorithm, string? KeyId, string? Type, JsonElement? Jwk)
{
    private const int MaximumLength = 256;

    // Keys and places to fetch keys from are the sender's word (RFC 8725 §3.10); crit and b64 change what the signature covers
    // (RFC 7515 §4.1.11, RFC 7797), and we implement no extension; zip and enc belong to encryption, which we do not read.
    private static readonly string[] Refused = ["jku", "x5u", "x5c", "crit", "b64", "zip", "enc"];

    public static bool TryParse(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out JoseHeader? header, [NotNullWhen(false)] out string? reason)
    {
        header = null;
        var buffer = new byte[StrictBase64Url.DecodedLength(encoded.Length)];
        if (!StrictBase64Url.TryDecode(encoded, buffer, out _))
        {
            reason = "header is not base64url";
            return false;
        }

        if (!StrictJson.TryParseObject(buffer, out var element, out reason))
        {
            reason = $"header: {reason}";
            return false;
        }

        if (FindProblem(element) is { } problem)
        {
            reason = problem;
            return false;
        }

        header = new JoseHeader(
            element,
            ReadString(element, "alg")!,
            ReadString(element, "kid"),
            ReadString(element, "typ"),
            element.TryGetProperty("jwk", out var jwk) ? jwk : null);
        return true;
    }

    private static string? FindProblem(JsonElement element)
    {
        foreach (var name in Refused)
        {
            if (element.TryGetProperty(name, out _))
            {
                return $"header parameter {name} is not accepted";
            }
        }

        if (!element.TryGetProperty("alg", out _))
        {
            return "header without alg";
        }

        foreach (var name in (ReadOnlySpan<string>)["alg", "kid", "typ"])
        {
            if (element.TryGetProperty(name, out var value)
                && (value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 and <= MaximumLength }))
            {
                return $"header parameter {name} is not a string of 1 to 256 characters";
            }
        }

        return null;
    }

    private static string? ReadString(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
