namespace IdentityProvider.Accounts.Passwords;

/// <summary>What a new password must be: NIST SP 800-63B-4 §3.1.1.2. Length and a list of bad ones; no rules of composition.</summary>
public static class PasswordRules
{
    /// <summary>The only factor, so at least 15 characters.</summary>
    public const int MinLength = 15;

    /// <summary>Enough where another factor is asked for at every sign-in.</summary>
    public const int MinLengthWithSecondFactor = 8;

    /// <summary>In UTF-16 units. Longer ones are refused before anything is hashed.</summary>
    public const int MaxLength = 256;

    private const int MinDistinct = 5;

    /// <summary>Words that guessers try first; a password that is little more than one of them, or a repetition, is refused.</summary>
    private static readonly string[] CommonWords =
    [
        "password", "passwort", "qwertyuiop", "qwerty", "qwertz", "azerty", "asdfghjkl", "123456789", "1234567890", "12345", "letmein",
        "welcome", "iloveyou", "administrator", "admin", "login", "changeme", "identityprovider", "identity", "provider", "secret",
        "football", "baseball", "dragon", "monkey", "sunshine", "princess", "abcdefgh", "abc123", "trustno1", "master",
    ];

    /// <summary>The first problem, or null.</summary>
    /// <param name="password">As typed; blanks count.</param>
    /// <param name="names">User name, mail address, name: what the password must not be made of.</param>
    public static PasswordProblem? FindProblem(string password, params ReadOnlySpan<string?> names) =>
        FindProblem(password, MinLength, names);

    /// <summary>The first problem, or null.</summary>
    /// <param name="typed">As typed; blanks count.</param>
    /// <param name="minLength"><see cref="MinLength"/> or <see cref="MinLengthWithSecondFactor"/>.</param>
    /// <param name="names">User name, mail address, name: what the password must not be made of.</param>
    public static PasswordProblem? FindProblem(string typed, int minLength, params ReadOnlySpan<string?> names)
    {
        ArgumentNullException.ThrowIfNull(typed);
        if (typed.Length > MaxLength)
        {
            return PasswordProblem.TooLong;
        }

        var password = PasswordText.Normalize(typed);

        // NIST counts characters, not units of an encoding.
        if (password.EnumerateRunes().Count() < minLength)
        {
            return PasswordProblem.TooShort;
        }

        if (password.EnumerateRunes().Distinct().Count() < MinDistinct || CommonPasswords.Contains(password))
        {
            return PasswordProblem.TooCommon;
        }

        var rest = password;
        foreach (var word in CommonWords)
        {
            rest = Without(rest, word);
        }

        if (IsTooLittle(rest, minLength))
        {
            return PasswordProblem.TooCommon;
        }

        rest = password;
        foreach (var name in names)
        {
            foreach (var part in (name ?? string.Empty).Split(['@', '.', ' ', '-', '_', '+'], StringSplitOptions.RemoveEmptyEntries))
            {
                rest = part.Length >= 3 ? Without(rest, part) : rest;
            }
        }

        return IsTooLittle(rest, minLength) ? PasswordProblem.LikeName : null;
    }

    private static string Without(string text, string word) => text.Replace(word, string.Empty, StringComparison.OrdinalIgnoreCase);

    /// <summary>What remains beside known words is less than half of what we ask for.</summary>
    private static bool IsTooLittle(string rest, int minLength) =>
        rest.EnumerateRunes().Distinct().Count() < Math.Min(MinDistinct, minLength / 2) || rest.Length < minLength / 2;
}

/// <summary>Why a password is refused.</summary>
public enum PasswordProblem
{
    TooShort,
    TooLong,
    TooCommon,
    LikeName,
}
