using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Catalog;

/// <summary>The scopes that exist without being declared: OIDC Core §5.4 and §11. They have no display name; the pages have their own words.</summary>
public static class StandardScopes
{
    public static IReadOnlyList<Scope> All { get; } =
    [
        new() { Name = ScopeNames.OpenId },
        new()
        {
            Name = ScopeNames.Profile,
            Claims =
            [
                "name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website",
                "gender", "birthdate", "zoneinfo", "locale", "updated_at",
            ],
        },
        new() { Name = ScopeNames.Email, Claims = ["email", "email_verified"] },
        new() { Name = ScopeNames.Address, Claims = ["address"] },
        new() { Name = ScopeNames.Phone, Claims = ["phone_number", "phone_number_verified"] },
        new() { Name = ScopeNames.OfflineAccess },
    ];
}
