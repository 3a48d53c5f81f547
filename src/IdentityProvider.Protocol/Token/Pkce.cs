using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider.Protocol.Token;

/// <summary>Proof Key for Code Exchange with S256: RFC 7636 §4. <c>plain</c> is refused everywhere.</summary>
public static class Pkce
{
    public const string S256 = "S256";

    /// <summary>base64url of 32 bytes without padding.</summary>
    private const int ChallengeLength = 43;

    /// <summary>RFC 7636 §4.2: an S256 challenge is exactly 43 base64url characters.</summary>
    public static bool IsChallenge(string challenge)
    {
        ArgumentNullException.ThrowIfNull(challenge);
        return challenge.Length == ChallengeLength && !challenge.AsSpan().ContainsAnyExcept(Base64UrlAlphabet);
    }

    /// <summary>RFC 7636 §4.6, in constant time. False for a verifier of the wrong form (§4.1: 43 to 128 unreserved characters).</summary>
    public static bool Matches(string challenge, string verifier)
    {
        ArgumentNullException.ThrowIfNull(challenge);
        ArgumentNullException.ThrowIfNull(verifier);
        if (verifier.Length is < 43 or > 128 || verifier.AsSpan().ContainsAnyExcept(Unreserved))
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes(verifier), hash);
        Span<byte> expected = stackalloc byte[ChallengeLength];
        Base64Url.EncodeToUtf8(hash, expected);
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.ASCII.GetBytes(challenge));
    }

    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly System.Buffers.SearchValues<char> Base64UrlAlphabet = System.Buffers.SearchValues.Create(Letters + "-_");

    private static readonly System.Buffers.SearchValues<char> Unreserved = System.Buffers.SearchValues.Create(Letters + "-._~");
}
