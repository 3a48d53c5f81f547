using System.Globalization;
using System.Text.RegularExpressions;

namespace IdentityProvider.Accounts.Profiles;

/// <summary>What may stand in a field of the profile: OIDC Core §5.1.</summary>
public static partial class ProfileRules
{
    /// <summary>Characters of a field.</summary>
    public const int MaxLength = 256;

    /// <summary>Null when all is well; an empty value always is.</summary>
    public static ProfileProblem? FindProblem(string field, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length == 0)
        {
            return null;
        }

        if (value.Length > MaxLength)
        {
            return ProfileProblem.TooLong;
        }

        if (value.Any(char.IsControl))
        {
            return ProfileProblem.Unprintable;
        }

        return field switch
        {
            "profile" or "picture" or "website" when !IsAddress(value) => ProfileProblem.NoAddress,
            "birthdate" when !IsBirthdate(value) => ProfileProblem.NoDate,
            "zoneinfo" when !IsTimeZone(value) => ProfileProblem.NoTimeZone,
            _ => null,
        };
    }

    // Clients make links of it: no javascript:, no data:.
    private static bool IsAddress(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http";

    /// <summary>YYYY-MM-DD, with the year 0000 for a birthday without one, or YYYY alone (§5.1).</summary>
    private static bool IsBirthdate(string value)
    {
        if (Year().IsMatch(value))
        {
            return true;
        }

        // A leap year stands in, for whoever was born on 29 February.
        var whole = value.StartsWith("0000-", StringComparison.Ordinal) ? "2000" + value[4..] : value;
        return DateOnly.TryParseExact(whole, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
    }

    // Names of the IANA database, such as Europe/Berlin.
    private static bool IsTimeZone(string value) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(value, out var zone) && zone.HasIanaId;

    [GeneratedRegex("^[0-9]{4}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Year();
}

/// <summary>Why a value is refused.</summary>
public enum ProfileProblem
{
    TooLong,
    Unprintable,

    /// <summary>Not an absolute http or https address.</summary>
    NoAddress,
    NoDate,
    NoTimeZone,
}
