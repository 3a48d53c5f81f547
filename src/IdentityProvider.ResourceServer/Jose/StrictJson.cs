using System.Text.Json;

namespace IdentityProvider.ResourceServer.Jose;

/// <summary>
/// JSON as security needs it: one object, no duplicate members at any depth (RFC 7515 §4, RFC 7519 §4), bounded depth,
/// valid Unicode and no NUL in any string, so that reading the result later cannot fail.
/// </summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    public static bool TryParseObject(ReadOnlySpan<byte> utf8, out JsonElement value)
    {
        try
        {
            value = JsonElement.Parse(utf8, Options);
            return value.ValueKind == JsonValueKind.Object && HasCleanStrings(value);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second one is how a lone surrogate or invalid UTF-8 shows itself.
            value = default;
            return false;
        }
    }

    /// <summary>The member if it is a non-empty string, else null.</summary>
    public static string? FindString(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var member)
            && member.ValueKind == JsonValueKind.String
            && member.GetString() is { Length: > 0 } text
            ? text
            : null;

    /// <summary>A NumericDate (RFC 7519 §2) if the member is one, else null. Fractions are allowed there.</summary>
    public static DateTimeOffset? FindTime(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var member)
            && member.ValueKind == JsonValueKind.Number
            && member.TryGetDouble(out var seconds)
            && seconds is >= 0 and < 253_402_300_800
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    private static bool HasCleanStrings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().All(member => IsClean(member.Name) && HasCleanStrings(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().All(HasCleanStrings),
        JsonValueKind.String => IsClean(element.GetString()!),
        _ => true,
    };

    private static bool IsClean(string text) => !text.Contains('\0', StringComparison.Ordinal);
}
