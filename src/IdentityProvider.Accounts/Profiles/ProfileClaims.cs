using System.Text.Json;
using System.Text.Json.Nodes;

namespace IdentityProvider.Accounts.Profiles;

/// <summary>
/// What a person can say about themselves: the claims of OIDC Core §5.1 that no column of the account holds. <c>locale</c> is not among them; it
/// is chosen as a language.
/// </summary>
public static class ProfileClaims
{
    private const string Address = "address";

    private static readonly string[] AddressParts = ["street_address", "locality", "region", "postal_code", "country"];

    /// <summary>Names of claims, in the order in which they are asked for.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "name", "given_name", "family_name", "middle_name", "nickname", "profile", "picture", "website", "gender", "birthdate", "zoneinfo", Address,
    ];

    /// <summary>The fields of a claim: its parts for <c>address</c> (OIDC Core §5.1.1), itself for the others.</summary>
    public static IReadOnlyList<string> FieldsOf(string claim) =>
        string.Equals(claim, Address, StringComparison.Ordinal) ? AddressParts : [claim];

    /// <summary>Values by field; what is not there, or no text, is left out.</summary>
    /// <param name="claims">As <see cref="Account.Claims"/>.</param>
    public static IReadOnlyDictionary<string, string> Read(string? claims)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var profile = Parse(claims);
        foreach (var claim in All)
        {
            var holder = string.Equals(claim, Address, StringComparison.Ordinal) ? profile[Address] as JsonObject : profile;
            foreach (var field in FieldsOf(claim))
            {
                if (holder?[field] is JsonValue value && value.GetValueKind() == JsonValueKind.String)
                {
                    values[field] = value.GetValue<string>();
                }
            }
        }

        return values;
    }

    /// <summary>The claims with other values in those of <paramref name="editable"/>; all else stays. An empty value removes.</summary>
    public static string? Write(string? claims, IEnumerable<string> editable, IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(editable);
        ArgumentNullException.ThrowIfNull(values);
        var profile = Parse(claims);
        foreach (var claim in editable)
        {
            if (!string.Equals(claim, Address, StringComparison.Ordinal))
            {
                Set(profile, claim, values);
                continue;
            }

            // Whole and in parts must not say different things (§5.1.1: formatted is the whole address): the parts are what was typed.
            var address = profile[Address] as JsonObject ?? [];
            address.Remove("formatted");
            foreach (var part in AddressParts)
            {
                Set(address, part, values);
            }

            profile.Remove(Address);
            if (address.Count > 0)
            {
                profile[Address] = address;
            }
        }

        return profile.Count == 0 ? null : profile.ToJsonString();
    }

    private static void Set(JsonObject target, string field, IReadOnlyDictionary<string, string> values)
    {
        if (values.TryGetValue(field, out var value) && value.Length > 0)
        {
            target[field] = value;
        }
        else
        {
            target.Remove(field);
        }
    }

    private static JsonObject Parse(string? claims) =>
        string.IsNullOrEmpty(claims) ? [] : JsonNode.Parse(claims) as JsonObject ?? [];
}
