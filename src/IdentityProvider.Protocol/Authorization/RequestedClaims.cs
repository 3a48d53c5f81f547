using System.Text;
using System.Text.Json;

namespace IdentityProvider.Protocol.Authorization;

/// <summary>The <c>claims</c> parameter: OIDC Core §5.5. Names of claims per place, and what is asked of <c>sub</c> and <c>acr</c> by value.</summary>
public sealed record RequestedClaims
{
    private const int MaxLength = 4096;
    private const int MaxDepth = 5;
    private const int MaxClaims = 100;

    private static readonly string[] NeverByRequest = ["iss", "aud", "exp", "iat", "nonce", "azp", "at_hash", "c_hash", "client_id", "scope", "cnf"];

    public static RequestedClaims None { get; } = new();

    /// <summary>As sent; kept with the grant, so that refreshed ID tokens carry the same claims.</summary>
    public string? Text { get; private init; }

    public IReadOnlyList<string> UserInfo { get; private init; } = [];

    public IReadOnlyList<string> IdToken { get; private init; } = [];

    /// <summary><c>sub</c> asked by value for the ID token (OIDC Core §5.5.1).</summary>
    public string? Subject { get; private init; }

    /// <summary>Values of an essential <c>acr</c> (OIDC Core §5.5.1.1); empty when it is not essential.</summary>
    public IReadOnlyList<string> EssentialAcr { get; private init; } = [];

    /// <summary>Null when it is not a JSON object of the form of §5.5, too large, or asks protocol claims by value.</summary>
    public static RequestedClaims? TryParse(string? text)
    {
        if (text is null)
        {
            return None;
        }

        if (text.Length > MaxLength)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(
                Encoding.UTF8.GetBytes(text),
                new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(text, document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static RequestedClaims? Read(string text, JsonElement root)
    {
        var userInfo = new List<string>();
        var idToken = new List<string>();
        var result = new RequestedClaims { Text = text, UserInfo = userInfo, IdToken = idToken };
        foreach (var place in root.EnumerateObject())
        {
            // Other members MAY be present and are ignored when not understood: §5.5.
            var names = place.Name switch
            {
                "userinfo" => userInfo,
                "id_token" => idToken,
                _ => null,
            };
            if (names is null || place.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (place.Value.ValueKind != JsonValueKind.Object || !TryReadPlace(place.Value, names))
            {
                return null;
            }
        }

        return root.TryGetProperty("id_token", out var members) && members.ValueKind == JsonValueKind.Object
            ? result with { Subject = StringValue(members, "sub"), EssentialAcr = ReadEssentialAcr(members) }
            : result;
    }

    private static bool TryReadPlace(JsonElement place, List<string> names)
    {
        foreach (var claim in place.EnumerateObject())
        {
            if (names.Count == MaxClaims
                || claim.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Object)
                || (claim.Value.ValueKind == JsonValueKind.Object && NeverByRequest.Contains(claim.Name, StringComparer.Ordinal)))
            {
                return false;
            }

            names.Add(claim.Name);
        }

        return true;
    }

    private static string? StringValue(JsonElement place, string claim) =>
        place.TryGetProperty(claim, out var request)
        && request.ValueKind == JsonValueKind.Object
        && request.TryGetProperty("value", out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static IReadOnlyList<string> ReadEssentialAcr(JsonElement place)
    {
        if (!place.TryGetProperty("acr", out var acr)
            || acr.ValueKind != JsonValueKind.Object
            || !acr.TryGetProperty("essential", out var essential)
            || essential.ValueKind != JsonValueKind.True)
        {
            return [];
        }

        if (StringValue(place, "acr") is { } one)
        {
            return [one];
        }

        return acr.TryGetProperty("values", out var values) && values.ValueKind == JsonValueKind.Array
            ? [.. values.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!)]
            : [];
    }
}
