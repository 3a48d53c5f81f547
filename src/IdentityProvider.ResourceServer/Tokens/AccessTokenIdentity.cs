using System.Security.Claims;
using System.Text.Json;

namespace IdentityProvider.ResourceServer.Tokens;

/// <summary>The token's claims as ASP.NET claims, under their own names: <c>sub</c> stays <c>sub</c>.</summary>
internal static class AccessTokenIdentity
{
    /// <summary>The name is <c>sub</c>; roles are <c>roles</c> (RFC 9068 §2.2.3.1). Arrays give one claim an element.</summary>
    public static ClaimsIdentity Create(JsonElement claims, string scheme)
    {
        var identity = new ClaimsIdentity(scheme, nameType: "sub", roleType: "roles");
        var issuer = claims.GetProperty("iss").GetString();
        foreach (var member in claims.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Array)
            {
                identity.AddClaims(member.Value.EnumerateArray().Select(element => Claim(member.Name, element, issuer)));
            }
            else
            {
                identity.AddClaim(Claim(member.Name, member.Value, issuer));
            }
        }

        return identity;
    }

    private static Claim Claim(string name, JsonElement value, string? issuer) => value.ValueKind switch
    {
        JsonValueKind.String => new Claim(name, value.GetString()!, ClaimValueTypes.String, issuer),
        JsonValueKind.True => new Claim(name, "true", ClaimValueTypes.Boolean, issuer),
        JsonValueKind.False => new Claim(name, "false", ClaimValueTypes.Boolean, issuer),
        JsonValueKind.Number when value.TryGetInt64(out _) =>
            new Claim(name, value.GetRawText(), ClaimValueTypes.Integer64, issuer),
        JsonValueKind.Number => new Claim(name, value.GetRawText(), ClaimValueTypes.Double, issuer),
        _ => new Claim(name, value.GetRawText(), "JSON", issuer),
    };
}
