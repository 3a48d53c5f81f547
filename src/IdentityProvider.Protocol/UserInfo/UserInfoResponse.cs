using System.Text.Json;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.UserInfo;

/// <summary>OIDC Core §5.3.2: <c>sub</c>, always, and the claims.</summary>
public sealed record UserInfoResponse(string Subject, IReadOnlyList<KeyValuePair<string, JsonElement>> Claims)
{
    /// <summary>The same as a JWT, for clients that registered <c>userinfo_signed_response_alg</c>; null for others.</summary>
    public string? Signed { get; init; }

    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        WriteMembersTo(json);
        json.WriteEndObject();
    }

    internal void WriteMembersTo(Utf8JsonWriter json)
    {
        json.WriteString(ClaimNames.Subject, Subject);
        foreach (var (name, value) in Claims)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    }
}
