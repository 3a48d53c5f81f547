using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;

namespace IdentityProvider.Accounts.Claims;

/// <summary>An account as standard claims: OIDC Core §5.1.</summary>
public static class SubjectClaims
{
    /// <summary>
    /// Names that <see cref="Account.Claims"/> cannot give: those kept in columns, and those that speak of a token and not of a person
    /// (RFC 7519 §4.1, OIDC Core §2, RFC 9068 §2.2).
    /// </summary>
    private static readonly FrozenSet<string> Reserved = FrozenSet.Create(
        StringComparer.Ordinal,
        "preferred_username", "email", "email_verified", "phone_number", "phone_number_verified", "updated_at",
        "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "auth_time", "nonce", "acr", "amr", "azp", "at_hash", "c_hash",
        "client_id", "scope", "sid", "status", "cnf", "act", "may_act");

    /// <summary>Claims by registered name, never <c>sub</c>; what is unknown is left out, as OIDC Core §5.3.2 asks.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Of(in ClaimSources sources)
    {
        var claims = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        AddProfile(claims, sources.Profile);
        foreach (var member in ParseColumns(sources).EnumerateObject())
        {
            claims[member.Name] = member.Value;
        }

        return claims;
    }

    /// <summary>One document for all: each costs as much again, and this runs for every userinfo request.</summary>
    private static JsonElement ParseColumns(in ClaimSources sources)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        WriteText(json, "preferred_username", sources.UserName);
        if (WriteText(json, "email", sources.Email))
        {
            json.WriteBoolean("email_verified", sources.EmailConfirmed);
        }

        if (WriteText(json, "phone_number", sources.PhoneNumber))
        {
            json.WriteBoolean("phone_number_verified", sources.PhoneNumberConfirmed);
        }

        json.WriteNumber("updated_at", sources.UpdatedAt.ToUnixTimeSeconds());
        json.WriteEndObject();
        json.Flush();
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static void AddProfile(Dictionary<string, JsonElement> claims, string? json)
    {
        if (string.IsNullOrEmpty(json))
        {
            return;
        }

        var profile = JsonElement.Parse(json);
        foreach (var member in profile.EnumerateObject())
        {
            if (!Reserved.Contains(member.Name) && member.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
            {
                claims[member.Name] = member.Value;
            }
        }
    }

    /// <summary>Whether there was something to write.</summary>
    private static bool WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return false;
        }

        json.WriteString(name, value);
        return true;
    }
}
