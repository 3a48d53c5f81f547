using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Profiles;
using IdentityProvider.Server.Resources;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>A profile in words: what stands fast, and the fields of what can be changed.</summary>
internal sealed class ProfileTexts(IStringLocalizer<PageTexts> texts)
{
    /// <summary>User name, mail address, telephone, and claims that only the operator changes.</summary>
    public static IReadOnlyList<ProfileFact> FactsOf(Account account, IReadOnlyList<string> editable)
    {
        var facts = new List<ProfileFact> { new("user_name", account.UserName ?? "—", IsVerified: false) };
        if (!string.IsNullOrEmpty(account.Email))
        {
            facts.Add(new ProfileFact("email", account.Email, account.EmailConfirmed));
        }

        if (!string.IsNullOrEmpty(account.PhoneNumber))
        {
            facts.Add(new ProfileFact("phone_number", account.PhoneNumber, account.PhoneNumberConfirmed));
        }

        var values = ProfileClaims.Read(account.Claims);
        var fixedFields = ProfileClaims.All.Except(editable, StringComparer.Ordinal).SelectMany(ProfileClaims.FieldsOf);
        return [.. facts, .. fixedFields.Where(values.ContainsKey).Select(field => new ProfileFact(field, values[field], IsVerified: false))];
    }

    public IReadOnlyList<Field> FieldsOf(
        IReadOnlyList<string> editable, IReadOnlyDictionary<string, string> values, IReadOnlyDictionary<string, ProfileProblem> problems)
    {
        var first = editable.SelectMany(ProfileClaims.FieldsOf).FirstOrDefault(problems.ContainsKey);
        return
        [
            .. editable.SelectMany(ProfileClaims.FieldsOf).Select(field => new Field(field, texts["Profile.Claim." + field])
            {
                Autocomplete = AutocompleteOf(field),
                Value = values.GetValueOrDefault(field),
                Hint = texts["Profile.Hint." + field] is { ResourceNotFound: false } hint ? hint.Value : null,
                Problem = problems.TryGetValue(field, out var problem) ? texts["Profile.Problem." + problem].Value : null,
                Autocapitalize = "words",
                MaxLength = ProfileRules.MaxLength,
                Required = false,
                Focus = string.Equals(field, first, StringComparison.Ordinal),
            }),
        ];
    }

    /// <summary>HTML Living Standard, autofill.</summary>
    private static string AutocompleteOf(string field) => field switch
    {
        "name" => "name",
        "given_name" => "given-name",
        "family_name" => "family-name",
        "middle_name" => "additional-name",
        "nickname" => "nickname",
        "website" or "profile" => "url",
        "picture" => "photo",
        "gender" => "sex",
        "birthdate" => "bday",
        "street_address" => "address-line1",
        "locality" => "address-level2",
        "region" => "address-level1",
        "postal_code" => "postal-code",
        "country" => "country-name",
        _ => "off",
    };
}

/// <summary>Something that stands fast.</summary>
/// <param name="Claim">Name of the field.</param>
/// <param name="Value">As it is.</param>
/// <param name="IsVerified">Whether we know that it is theirs.</param>
internal sealed record ProfileFact(string Claim, string Value, bool IsVerified);
