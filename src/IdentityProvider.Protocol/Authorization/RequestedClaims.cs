using System.Buffers;
using System.Text;
using System.Text.Json;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Authorization;

/// <summary>The <c>claims</c> parameter: OIDC Core §5.5. Names of claims per place, and what is asked of <c>sub</c> and <c>acr</c> by value.</summary>
public sealed record RequestedClaims
{
    private const string UserInfoMember = "userinfo";
    private const string IdTokenMember = "id_token";

    private const int MaxLength = 4096;
    private const int MaxClaims = 100;

    public static RequestedClaims None { get; } = new();

    public IReadOnlyList<string> UserInfo { get; private init; } = [];

    public IReadOnlyList<string> IdToken { get; private init; } = [];

    /// <summary><c>sub</c> asked by value (OIDC Core §5.5.1): who must be signed in.</summary>
    public string? Subject { get; private init; }

    /// <summary>Values of an essential <c>acr</c> (OIDC Core §5.5.1.1); empty when it is not essential.</summary>
    public IReadOnlyList<string> EssentialAcr { get; private init; } = [];

    /// <summary>Null when it is not a JSON object of the form of §5.5, too large, or asks what only we decide by value.</summary>
    public static RequestedClaims? TryParse(string? text)
    {
        if (text is null)
        {
            return None;
        }

        return text.Length <= MaxLength && StrictJson.TryParseObject(Encoding.UTF8.GetBytes(text), out var root, out _) ? Read(root) : null;
    }

    /// <summary>The same request with fewer names. What it asks of <c>sub</c> and <c>acr</c> stays: that is no claim to be given.</summary>
    public RequestedClaims Only(Func<string, bool> isAllowed) =>
        UserInfo.Count + IdToken.Count == 0
            ? this
            : this with { UserInfo = [.. UserInfo.Where(isAllowed)], IdToken = [.. IdToken.Where(isAllowed)] };

    /// <summary>The names as a <c>claims</c> parameter again, for the code and the grant; null when there are none.</summary>
    public string? ToText()
    {
        if (UserInfo.Count + IdToken.Count == 0)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WritePlace(json, UserInfoMember, UserInfo);
            WritePlace(json, IdTokenMember, IdToken);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WritePlace(Utf8JsonWriter json, string place, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        json.WriteStartObject(place);
        foreach (var name in names)
        {
            json.WriteNull(name);
        }

        json.WriteEndObject();
    }

    private static RequestedClaims? Read(JsonElement root)
    {
        // Other members MAY be present and are ignored when not understood: §5.5.
        if (ReadPlace(root, UserInfoMember) is not { } userInfo || ReadPlace(root, IdTokenMember) is not { } idToken)
        {
            return null;
        }

        if (!TryReadSubject(userInfo, out var one) || !TryReadSubject(idToken, out var other)
            || (one is not null && other is not null && !string.Equals(one, other, StringComparison.Ordinal)))
        {
            return null;
        }

        return ReadEssentialAcr(idToken) is { } levels
            ? new RequestedClaims { UserInfo = [.. userInfo.Keys], IdToken = [.. idToken.Keys], Subject = one ?? other, EssentialAcr = levels }
            : null;
    }

    /// <summary>Name → request, in the order sent; empty when the place is not there, null when it is malformed.</summary>
    private static OrderedDictionary<string, JsonElement>? ReadPlace(JsonElement root, string place)
    {
        var claims = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        if (!root.TryGetProperty(place, out var members) || members.ValueKind == JsonValueKind.Null)
        {
            return claims;
        }

        if (members.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var claim in members.EnumerateObject())
        {
            if (claims.Count == MaxClaims
                || claim.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Object)
                || (!IsAskable(claim.Name) && IsAskedByValue(claim.Value)))
            {
                return null;
            }

            claims.Add(claim.Name, claim.Value);
        }

        return claims;
    }

    /// <summary>Of the claims that only we write, whom and how strongly authenticated a client may ask for (§5.5.1).</summary>
    private static bool IsAskable(string name) =>
        name is ClaimNames.Subject or ClaimNames.Acr or ClaimNames.AuthTime || !ClaimNames.IsReserved(name);

    private static bool IsAskedByValue(JsonElement request) =>
        request.ValueKind == JsonValueKind.Object && (request.TryGetProperty("value", out _) || request.TryGetProperty("values", out _));

    /// <summary>False when somebody is asked for in a form we cannot keep to: then the answer must not be about somebody else.</summary>
    private static bool TryReadSubject(OrderedDictionary<string, JsonElement> place, out string? subject)
    {
        subject = null;
        if (!place.TryGetValue(ClaimNames.Subject, out var request) || !IsAskedByValue(request))
        {
            return true;
        }

        if (request.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String)
        {
            subject = value.GetString();
        }

        return subject is not null;
    }

    /// <summary>Null when it is essential and its values are not strings.</summary>
    private static IReadOnlyList<string>? ReadEssentialAcr(OrderedDictionary<string, JsonElement> place)
    {
        if (!place.TryGetValue(ClaimNames.Acr, out var request)
            || request.ValueKind != JsonValueKind.Object
            || !request.TryGetProperty("essential", out var essential)
            || essential.ValueKind != JsonValueKind.True)
        {
            return [];
        }

        if (request.TryGetProperty("value", out var value))
        {
            return value.ValueKind == JsonValueKind.String ? [value.GetString()!] : null;
        }

        return request.TryGetProperty("values", out var values) ? values.ValueKind == JsonValueKind.Array ? ClaimValues.ReadStrings(values) : null : [];
    }
}
