using System.Numerics;

namespace IdentityProvider.Protocol.Jose;

/// <summary>Which RSA public keys are worth verifying with: strong enough to trust, small enough to pay for.</summary>
internal static class RsaKeyRules
{
    /// <summary>RFC 7518 §3.3 and §3.5: a key of 2048 bits or larger MUST be used.</summary>
    public const int MinimumBits = 2048;

    /// <summary>Verification time grows with the square of the size; a stranger's key must not become a stranger's load.</summary>
    public const int MaximumBits = 8192;

    // ROCA (CVE-2017-15361): keys of an Infineon library have moduli that are powers of 65537 modulo each of these small primes.
    // A random modulus passes all of them with a chance below 2^-27, and the private key of such a modulus can be computed.
    private static readonly int[] RocaPrimes =
        [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127,
         131, 137, 139, 149, 151, 157, 163, 167];

    private static readonly bool[][] RocaResidues = [.. RocaPrimes.Select(PowersOf65537)];

    /// <summary>Null when the key may be used, else the reason.</summary>
    public static string? FindProblem(ReadOnlySpan<byte> modulus, ReadOnlySpan<byte> exponent)
    {
        if (modulus.IsEmpty || modulus[0] == 0 || exponent.IsEmpty || exponent[0] == 0)
        {
            return "RSA n or e is empty or starts with a zero octet (RFC 7518 §2, Base64urlUInt)";
        }

        var bits = (modulus.Length * 8) - (byte.LeadingZeroCount(modulus[0]));
        if (bits < MinimumBits)
        {
            return "RSA key below 2048 bits";
        }

        if (bits > MaximumBits)
        {
            return "RSA key above 8192 bits";
        }

        if ((modulus[^1] & 1) == 0)
        {
            return "RSA modulus is even";
        }

        // FIPS 186-5 §5.4: odd and above 2^16. Above 64 bits it would only make verification dear.
        if ((exponent[^1] & 1) == 0 || exponent.Length < 3 || exponent.Length > 8)
        {
            return "RSA exponent is even, below 65537 or above 64 bits";
        }

        return HasRocaFingerprint(modulus) ? "RSA modulus has the ROCA weakness (CVE-2017-15361)" : null;
    }

    private static bool HasRocaFingerprint(ReadOnlySpan<byte> modulusBytes)
    {
        var modulus = new BigInteger(modulusBytes, isUnsigned: true, isBigEndian: true);
        for (var i = 0; i < RocaPrimes.Length; i++)
        {
            if (!RocaResidues[i][(int)(modulus % RocaPrimes[i])])
            {
                return false;
            }
        }

        return true;
    }

    private static bool[] PowersOf65537(int prime)
    {
        var residues = new bool[prime];
        for (var power = 1; !residues[power]; power = (int)(power * 65537L % prime))
        {
            residues[power] = true;
        }

        return residues;
    }
}
