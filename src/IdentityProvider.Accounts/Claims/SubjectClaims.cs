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
    public static IReadOnlyDictionary<string, JsonElement> Of(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        var claims = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        AddProfile(claims, account.Claims);
        AddText(claims, "preferred_username", account.UserName);
        if (!string.IsNullOrEmpty(account.Email))
        {
            AddText(claims, "email", account.Email);
            claims["email_verified"] = JsonSerializer.SerializeToElement(account.EmailConfirmed);
        }

        if (!string.IsNullOrEmpty(account.PhoneNumber))
        {
            AddText(claims, "phone_number", account.PhoneNumber);
            claims["phone_number_verified"] = JsonSerializer.SerializeToElement(account.PhoneNumberConfirmed);
        }

        claims["updated_at"] = JsonSerializer.SerializeToElement(account.UpdatedAt.ToUnixTimeSeconds());
        return claims;
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

    private static void AddText(Dictionary<string, JsonElement> claims, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            claims[name] = JsonSerializer.SerializeToElement(value);
        }
    }
}
