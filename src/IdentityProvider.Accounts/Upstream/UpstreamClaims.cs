using System.Collections.Frozen;
using System.Text.Json;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Accounts.SignUp;

namespace IdentityProvider.Accounts.Upstream;

/// <summary>What is taken of a provider's claims: texts of the profile, and nothing that gives rights here.</summary>
public static class UpstreamClaims
{
    private const int MaxLength = 1000;

    private static readonly FrozenSet<string> Profile = FrozenSet.Create(
        StringComparer.Ordinal,
        "name", "given_name", "family_name", "middle_name", "nickname", "profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale");

    /// <summary>Claims that can be taken (OIDC Core §5.1), by name. No <c>roles</c>, no <c>groups</c>: another provider does not say what people may do here.</summary>
    public static IEnumerable<string> Known => Profile.Order(StringComparer.Ordinal);

    public static bool MayBeTaken(string claim) => Profile.Contains(claim);

    /// <summary>The identity out of verified claims.</summary>
    /// <param name="provider">Who says it.</param>
    /// <param name="subject"><c>sub</c> of the ID token.</param>
    /// <param name="acr"><c>acr</c> of the ID token.</param>
    /// <param name="sources">The ID token, then userinfo; of each claim the first counts.</param>
    public static UpstreamIdentity Read(UpstreamProvider provider, string subject, string? acr, params IReadOnlyList<JsonElement> sources)
    {
        ArgumentNullException.ThrowIfNull(provider);
        var claims = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in provider.Claims)
        {
            if (sources.Select(source => TextOf(source, name)).FirstOrDefault(text => text is not null) is { } value)
            {
                claims[name] = value;
            }
        }

        return new UpstreamIdentity
        {
            Provider = provider,
            Subject = subject,
            Acr = acr,
            Claims = claims,
            Email = sources.Select(VerifiedEmailOf).FirstOrDefault(email => email is not null),
        };
    }

    /// <summary>Address and its verification out of one document: a statement about one address says nothing about another.</summary>
    private static string? VerifiedEmailOf(JsonElement source) =>
        IsTrue(source, "email_verified") && TextOf(source, "email") is { } email && SignUpDrafts.IsEmail(email) ? email : null;

    // Some providers write the boolean as a string.
    private static bool IsTrue(JsonElement source, string name) =>
        source.TryGetProperty(name, out var value)
        && (value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.String && value.ValueEquals("true")));

    private static string? TextOf(JsonElement source, string name) =>
        source.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 and <= MaxLength } text
        && AccountFinder.IsText(text)
            ? text
            : null;
}
