using System.Text;

namespace IdentityProvider.Accounts.Passwords;

/// <summary>A password as it is compared: NFKC (NIST SP 800-63B-4 §3.1.1.2), so that it does not matter which keyboard or system wrote it.</summary>
internal static class PasswordText
{
    public static string Normalize(string password)
    {
        if (Ascii.IsValid(password))
        {
            return password;
        }

        try
        {
            return password.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            // Half of a surrogate pair: no text, and nobody can have it as a password but by writing the same half again.
            return password;
        }
    }
}
