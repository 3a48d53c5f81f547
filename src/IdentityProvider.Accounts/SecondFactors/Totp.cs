using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>Time-based one-time passwords: RFC 6238, RFC 4226. Pure functions.</summary>
public static class Totp
{
    /// <summary>Six, SHA-1 and 30 seconds: what every authenticator app takes; several ignore anything else.</summary>
    public const int Digits = 6;

    /// <summary>160 bits, as RFC 4226 §4 (R6) recommends.</summary>
    public const int SecretBytes = 20;

    /// <summary>RFC 6238 §5.2.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    /// <summary>Number of the time step: RFC 6238 §4.2.</summary>
    public static long StepOf(DateTimeOffset time) => time.ToUnixTimeSeconds() / (long)Step.TotalSeconds;

    /// <summary>
    /// The step for which the code is right: the present one, or one before or after (RFC 6238 §5.2 and §6: a slow typist, a clock that is off);
    /// null when it is none. All three are computed and compared, whatever the first says.
    /// </summary>
    public static long? FindStep(ReadOnlySpan<byte> secret, string? typed, DateTimeOffset now)
    {
        var code = Clean(typed);
        if (code.Length != Digits || !code.All(char.IsAsciiDigit))
        {
            return null;
        }

        long? found = null;
        var present = StepOf(now);
        for (var step = present - 1; step <= present + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(
                System.Text.Encoding.ASCII.GetBytes(code),
                System.Text.Encoding.ASCII.GetBytes(Compute(secret, step))))
            {
                found = step;
            }
        }

        return found;
    }

    /// <summary>RFC 4226 §5.3 with RFC 6238 §4.2.</summary>
    /// <param name="secret">Shared with the app.</param>
    /// <param name="step">Number of the time step.</param>
    /// <param name="digits">From 6 to 8.</param>
    /// <param name="hash">SHA-1 when null; RFC 6238 §1.2 allows SHA-256 and SHA-512.</param>
    public static string Compute(ReadOnlySpan<byte> secret, long step, int digits = Digits, HashAlgorithmName? hash = null)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA512.HashSizeInBytes];
        var length = CryptographicOperations.HmacData(hash ?? HashAlgorithmName.SHA1, secret, counter, mac);
        var offset = mac[length - 1] & 0xf;
        var number = BinaryPrimitives.ReadInt32BigEndian(mac[offset..]) & int.MaxValue;
        var modulus = (int)Math.Pow(10, digits);
        return (number % modulus).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>Apps show the code in two groups, and people type it so.</summary>
    private static string Clean(string? typed) =>
        typed is { Length: <= 32 } ? string.Concat(typed.Where(character => character is not (' ' or '-' or '\u00a0'))) : string.Empty;
}
