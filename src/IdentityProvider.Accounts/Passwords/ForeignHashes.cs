using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider.Accounts.Passwords;

/// <summary>
/// Strings that other systems made of passwords, so that accounts can move here: bcrypt (<c>$2a$</c>, <c>$2b$</c>, <c>$2y$</c>), PBKDF2 as
/// passlib (<c>$pbkdf2-sha256$</c>, <c>$pbkdf2-sha512$</c>) and Django (<c>pbkdf2_sha256$</c>) write it. They only verify; the next sign-in
/// replaces them.
/// </summary>
internal static class ForeignHashes
{
    /// <summary>More would keep a worker busy for a second and longer.</summary>
    private const int MostIterations = 2_000_000;

    /// <summary>2^15 rounds: some two seconds.</summary>
    private const int MostRounds = 15;

    /// <summary>Whether the password is the string's; null when it is of no kind we know.</summary>
    public static bool? Verify(string hash, ReadOnlySpan<byte> password) => hash.Split('$') switch
    {
        ["", "2a" or "2b" or "2y", var rounds, { Length: 53 }] => VerifyBcrypt(hash, rounds, password),
        ["", "pbkdf2-sha256", var iterations, var salt, var key] =>
            VerifyPbkdf2(HashAlgorithmName.SHA256, iterations, FromPasslib(salt), FromPasslib(key), password),
        ["", "pbkdf2-sha512", var iterations, var salt, var key] =>
            VerifyPbkdf2(HashAlgorithmName.SHA512, iterations, FromPasslib(salt), FromPasslib(key), password),
        ["pbkdf2_sha256", var iterations, var salt, var key] =>
            VerifyPbkdf2(HashAlgorithmName.SHA256, iterations, Encoding.UTF8.GetBytes(salt), FromBase64(key), password),
        _ => null,
    };

    private static bool VerifyBcrypt(string hash, string rounds, ReadOnlySpan<byte> password) =>
        int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out var cost)
        && cost <= MostRounds
        && Crypt.Hash(password, hash) is { } computed
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(computed), Encoding.UTF8.GetBytes(hash));

    private static bool VerifyPbkdf2(HashAlgorithmName algorithm, string iterations, byte[]? salt, byte[]? key, ReadOnlySpan<byte> password) =>
        int.TryParse(iterations, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && count is > 0 and <= MostIterations
        && salt is not null
        && key is { Length: >= 16 and <= 64 }
        && CryptographicOperations.FixedTimeEquals(Rfc2898DeriveBytes.Pbkdf2(password, salt, count, algorithm, key.Length), key);

    /// <summary>passlib's base64: a dot for the plus, no padding.</summary>
    private static byte[]? FromPasslib(string text) =>
        FromBase64(text.Replace('.', '+') + new string('=', (4 - (text.Length % 4)) % 4));

    private static byte[]? FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }
}
