using System.Text.Json;

namespace IdentityProvider.Protocol.Jose;

/// <summary>The value types of RFC 7519 §2 and §4.1.</summary>
internal static class ClaimValues
{
    private const double MaximumSeconds = 253_402_300_799; // 9999-12-31T23:59:59Z

    /// <summary>Null when it is not a number or not between 1970 and 9999. Fractions of a second are kept to the tick.</summary>
    public static DateTimeOffset? ReadNumericDate(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var seconds) || !(seconds is >= 0 and <= MaximumSeconds))
        {
            return null;
        }

        return DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
    }

    /// <summary>A string or an array of strings; null when it is neither.</summary>
    public static IReadOnlyList<string>? ReadStrings(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return [value.GetString()!];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var strings = new List<string>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String)
            {
                return null;
            }

            strings.Add(item.GetString()!);
        }

        return strings;
    }

    /// <summary>The first registered claim whose type is wrong, as a reason, or null: RFC 7519 §4.1.1 to §4.1.7.</summary>
    public static string? FindWrongType(JsonElement payload)
    {
        foreach (var name in (ReadOnlySpan<string>)["iss", "sub", "jti"])
        {
            if (payload.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.String)
            {
                return $"{name} is not a string";
            }
        }

        foreach (var name in (ReadOnlySpan<string>)["exp", "nbf", "iat"])
        {
            if (payload.TryGetProperty(name, out var value) && ReadNumericDate(value) is null)
            {
                return $"{name} is not a NumericDate between 1970 and 9999";
            }
        }

        return payload.TryGetProperty("aud", out var audience) && !IsStringOrStrings(audience)
            ? "aud is neither a string nor an array of strings"
            : null;
    }

    private static bool IsStringOrStrings(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return value.ValueKind == JsonValueKind.String;
        }

        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String)
            {
                return false;
            }
        }

        return true;
    }
}
