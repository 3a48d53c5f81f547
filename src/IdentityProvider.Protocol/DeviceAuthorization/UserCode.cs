using System.Globalization;
using System.Security.Cryptography;

namespace IdentityProvider.Protocol.DeviceAuthorization;

/// <summary>
/// What a person types (RFC 8628 §6.1): eight letters of twenty, consonants without look-alikes, so that no words come out and nothing is
/// mistaken for a digit. 20^8 = 25,600,000,000 codes: 34.5 bits. Whatever comes between the letters is ignored, and so is their case.
/// </summary>
public sealed class UserCode
{
    /// <summary>The set that RFC 8628 §6.1 recommends.</summary>
    public const string Alphabet = "BCDFGHJKLMNPQRSTVWXZ";

    public const int Length = 8;

    /// <summary>Longer than anything a person types for eight letters.</summary>
    public const int MaxTypedLength = 64;

    private const int GroupLength = 4;

    private UserCode(string letters) => Letters = letters;

    /// <summary>Upper case, without separator.</summary>
    public string Letters { get; }

    /// <summary>As it is shown: <c>BCDF-GHJK</c>.</summary>
    public string Display => $"{Letters.AsSpan(0, GroupLength)}-{Letters.AsSpan(GroupLength)}";

    public static UserCode Create() => new(RandomNumberGenerator.GetString(Alphabet, Length));

    /// <summary>The code that was typed, or null when it can be none: another letter or digit in it, or another number of letters.</summary>
    public static UserCode? TryParse(string? typed)
    {
        if (typed is null or { Length: > MaxTypedLength })
        {
            return null;
        }

        Span<char> letters = stackalloc char[Length];
        var count = 0;
        foreach (var character in typed)
        {
            var letter = char.ToUpperInvariant(character);
            if (Alphabet.Contains(letter, StringComparison.Ordinal))
            {
                if (count == Length)
                {
                    return null;
                }

                letters[count++] = letter;
            }
            else if (!IsSeparator(character))
            {
                return null;
            }
        }

        return count == Length ? new UserCode(letters.ToString()) : null;
    }

    /// <summary>§6.1: "strip dashes and other punctuation"; blanks too, and the invisible characters that come with copied text.</summary>
    private static bool IsSeparator(char character) =>
        char.IsWhiteSpace(character)
        || char.IsPunctuation(character)
        || char.IsSymbol(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.Control;
}
