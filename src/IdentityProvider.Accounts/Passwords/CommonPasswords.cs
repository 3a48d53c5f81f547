using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace IdentityProvider.Accounts.Passwords;

/// <summary>
/// Passwords that guessers try first (NIST SP 800-63B-4 §3.1.1.2): the 30,000 commonest of the list that zxcvbn 4.4.2 ships (MIT licence,
/// Dropbox), in lower case. They are part of the assembly and read once, at the first look.
/// </summary>
internal static class CommonPasswords
{
    private static readonly Lazy<FrozenSet<string>> List = new(Read);

    /// <summary>
    /// Whether it is one of them, in any case, repeated, or with digits and signs around it. Whole passwords only: some words in a row are a
    /// good password, even when each of them is on the list.
    /// </summary>
    public static bool Contains(string password)
    {
        var text = PasswordText.Normalize(password).ToLower(CultureInfo.InvariantCulture);
        return IsListed(text) || IsListed(WithoutPadding(text));
    }

    private static bool IsListed(string text) => List.Value.Contains(text) || List.Value.Contains(Period(text));

    /// <summary>Without what people put around a word when a rule asks for digits and signs.</summary>
    private static string WithoutPadding(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && !char.IsLetter(text[start]))
        {
            start++;
        }

        while (end > start && !char.IsLetter(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    /// <summary>What the text is a repetition of; itself when it is none.</summary>
    private static string Period(string text)
    {
        for (var length = 1; length <= text.Length / 2; length++)
        {
            if (text.Length % length == 0 && text.AsSpan(length).SequenceEqual(text.AsSpan(0, text.Length - length)))
            {
                return text[..length];
            }
        }

        return text;
    }

    private static FrozenSet<string> Read()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")
            ?? throw new InvalidOperationException("common-passwords.txt is not part of the assembly");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
