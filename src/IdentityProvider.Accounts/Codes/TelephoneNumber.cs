namespace IdentityProvider.Accounts.Codes;

/// <summary>Telephone numbers in the international form: a plus and 8 to 15 digits (ITU-T E.164 §6).</summary>
public static class TelephoneNumber
{
    private const int MaxTyped = 40;
    private const int LeastDigits = 8;
    private const int MostDigits = 15;

    /// <summary>The number without what people put between digits, or null when it is none.</summary>
    public static string? Parse(string? typed)
    {
        if (typed is null || typed.Length > MaxTyped)
        {
            return null;
        }

        var plain = string.Concat(typed.Where(letter => !" -./()\u00a0\u2011".Contains(letter, StringComparison.Ordinal)));
        var isNumber = plain.Length is > LeastDigits and <= MostDigits + 1
            && plain[0] == '+'
            && plain[1] != '0'
            && plain.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;
        return isNumber ? plain : null;
    }

    /// <summary>Enough of it for its owner.</summary>
    public static string Mask(string number)
    {
        ArgumentNullException.ThrowIfNull(number);
        return "••• " + number[^3..];
    }
}
