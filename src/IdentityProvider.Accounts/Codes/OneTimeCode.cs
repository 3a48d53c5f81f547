using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider.Accounts.Codes;

/// <summary>A short code that is sent to a person and typed where they asked for it.</summary>
public static class OneTimeCode
{
    /// <summary>Digits of a mailed code. NIST SP 800-63B-4 §3.1.3 asks for six; mail has room for more.</summary>
    public const int MailDigits = 8;

    /// <summary>Tries of one code.</summary>
    public const int Tries = 5;

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const int MaxTyped = 64;

    public static string New(int digits) => RandomNumberGenerator.GetString("0123456789", digits);

    /// <summary>SHA-256 over the sending and its code: what is kept of it.</summary>
    public static byte[] HashOf(Guid id, string code) => SHA256.HashData(Encoding.UTF8.GetBytes($"{id:N} {code}"));

    /// <summary>Compares in constant time. Blanks and dashes that people type between digits do not count.</summary>
    public static bool IsRight(Guid id, ReadOnlySpan<byte> hash, string? typed)
    {
        if (typed is null || typed.Length > MaxTyped)
        {
            return false;
        }

        var plain = string.Concat(typed.Where(letter => letter != '-' && !char.IsWhiteSpace(letter)));
        return CryptographicOperations.FixedTimeEquals(HashOf(id, plain), hash);
    }
}
