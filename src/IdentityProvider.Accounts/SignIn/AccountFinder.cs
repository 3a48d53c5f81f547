using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.SignIn;

/// <summary>Finds the account of what a person typed: a user name or a mail address, in any case and with blanks around it.</summary>
public sealed class AccountFinder(UserManager<Account> users)
{
    /// <summary>Longer than any user name or mail address (RFC 5321 §4.5.3.1).</summary>
    public const int MaxLength = 256;

    /// <summary>The account, or null. Always two reads, so that the time does not tell what was found.</summary>
    public async Task<Account?> FindAsync(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var typed = name.Trim();
        if (typed.Length is 0 or > MaxLength || !IsText(typed))
        {
            return null;
        }

        var byName = await users.FindByNameAsync(typed);
        var byEmail = await users.FindByEmailAsync(typed);
        return byName ?? byEmail;
    }

    /// <summary>By what attempts on an account are counted, whether there is one or not.</summary>
    /// <param name="account">What <see cref="FindAsync"/> found.</param>
    /// <param name="name">As typed.</param>
    public string KeyOf(Account? account, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return account?.Id ?? users.NormalizeName(name.Trim())!;
    }

    /// <summary>Whether a database and a mail header can hold it: no control characters and no halves of a surrogate pair.</summary>
    internal static bool IsText(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsControl(value[i]))
            {
                return false;
            }

            if (char.IsSurrogate(value[i]) && (i + 1 == value.Length || !char.IsSurrogatePair(value[i], value[++i])))
            {
                return false;
            }
        }

        return true;
    }
}
