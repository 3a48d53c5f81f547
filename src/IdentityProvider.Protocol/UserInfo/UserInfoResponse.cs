using System.Text.Json;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.UserInfo;

/// <summary>OIDC Core §5.3.2: <c>sub</c>, always, and the claims.</summary>
public sealed record UserInfoResponse(string Subject, IReadOnlyList<KeyValuePair<string, JsonElement>> Claims)
{
    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteString(ClaimNames.Subject, Subject);
        foreach (var (name, value) in Claims)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        json.WriteEndObject();
    }
}
