using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>
/// A recovery code: 80 random bits, written as <c>xxxx-xxxx-xxxx-xxxx</c> in base32. Shown once; kept under PBKDF2 with the account as salt, so that
/// one derivation compares with all ten (NIST SP 800-63B-4 §3.1.2.2 asks for a salted, slow hash below 112 bits).
/// </summary>
public static class RecoveryCode
{
    private const int Bytes = 10;
    private const int Letters = 16;
    private const int Iterations = 10_000;

    public static string NewCode()
    {
        var text = Base32.Encode(RandomNumberGenerator.GetBytes(Bytes)).ToLowerInvariant();
        return string.Join('-', text.Chunk(4).Select(group => new string(group)));
    }

    /// <summary>The hash of what was typed, in any case, with or without dashes and spaces; null when it can be no code.</summary>
    public static ReadOnlyMemory<byte>? HashOf(string accountId, string? typed)
    {
        if (typed is null || typed.Length > 64)
        {
            return null;
        }

        var letters = string.Concat(typed.Where(character => !char.IsWhiteSpace(character) && character != '-')).ToLowerInvariant();
        if (letters.Length != Letters || !letters.All(letter => letter is (>= 'a' and <= 'z') or (>= '2' and <= '7')))
        {
            return null;
        }

        return Rfc2898DeriveBytes.Pbkdf2(
            letters, Encoding.UTF8.GetBytes("recovery code of " + accountId), Iterations, HashAlgorithmName.SHA512, SHA256.HashSizeInBytes);
    }
}
