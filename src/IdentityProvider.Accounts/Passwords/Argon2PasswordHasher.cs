using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Accounts.Passwords;

/// <summary>
/// Argon2id with 19 MiB, two passes and one lane (OWASP Password Storage). Without libsodium new passwords are hashed by
/// PBKDF2-HMAC-SHA512 with 210,000 iterations, in Identity's own format. Identity's strings and those of
/// <see cref="ForeignHashes"/> verify and are replaced at the next sign-in.
/// </summary>
/// <remarks>Some 25 ms of one core and 19 MiB a call: call it on a worker of <see cref="PasswordHashingQueue"/> only.</remarks>
public sealed class Argon2PasswordHasher : IPasswordHasher<Account>
{
    private const ulong Passes = 2;
    private const nuint Memory = 19 * 1024 * 1024;
    private const string Argon2Prefix = "$argon2id$";

    private readonly PasswordHasher<Account> _pbkdf2 = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));
    private readonly bool _hasArgon2;

    public Argon2PasswordHasher()
        : this(Sodium.IsAvailable)
    {
    }

    internal Argon2PasswordHasher(bool hasArgon2) => _hasArgon2 = hasArgon2;

    /// <summary>Whether the library of Argon2id was found.</summary>
    public static bool IsArgon2Available => Sodium.IsAvailable;

    public string HashPassword(Account user, string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        return _hasArgon2
            ? WithUtf8(password, static utf8 => Sodium.Hash(utf8, Passes, Memory))
            : _pbkdf2.HashPassword(user, password);
    }

    public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
    {
        ArgumentNullException.ThrowIfNull(hashedPassword);
        ArgumentNullException.ThrowIfNull(providedPassword);
        if (hashedPassword.StartsWith(Argon2Prefix, StringComparison.Ordinal))
        {
            return VerifyArgon2(hashedPassword, providedPassword);
        }

        return WithUtf8(providedPassword, utf8 => ForeignHashes.Verify(hashedPassword, utf8)) switch
        {
            true => PasswordVerificationResult.SuccessRehashNeeded,
            false => PasswordVerificationResult.Failed,
            null => VerifyPbkdf2(user, hashedPassword, providedPassword),
        };
    }

    private PasswordVerificationResult VerifyArgon2(string hash, string password)
    {
        if (!_hasArgon2 || !WithUtf8(password, utf8 => Sodium.Verify(hash, utf8)))
        {
            return PasswordVerificationResult.Failed;
        }

        return Sodium.NeedsRehash(hash, Passes, Memory)
            ? PasswordVerificationResult.SuccessRehashNeeded
            : PasswordVerificationResult.Success;
    }

    private PasswordVerificationResult VerifyPbkdf2(Account user, string hash, string password)
    {
        try
        {
            var result = _pbkdf2.VerifyHashedPassword(user, hash, password);
            return result == PasswordVerificationResult.Success && _hasArgon2
                ? PasswordVerificationResult.SuccessRehashNeeded
                : result;
        }
        catch (FormatException)
        {
            // Not base64: no string of ours or of Identity's. Such an account has no password.
            return PasswordVerificationResult.Failed;
        }
    }

    private static T WithUtf8<T>(string password, Utf8Function<T> use)
    {
        var utf8 = new byte[Encoding.UTF8.GetMaxByteCount(password.Length)];
        try
        {
            return use(utf8.AsSpan(0, Encoding.UTF8.GetBytes(password, utf8)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(utf8);
        }
    }

    private delegate T Utf8Function<out T>(ReadOnlySpan<byte> utf8);
}
