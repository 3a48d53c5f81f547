using System.Buffers.Text;
using System.Security.Cryptography;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Configuration;

namespace IdentityProvider.Server.SignIn;

/// <summary>
/// What the link of a sign-in mail bears: for which of the browser's sign-ins it is, and 256 random bits. Without the cookie of the browser that
/// asked it is worth nothing.
/// </summary>
/// <param name="Key"><see cref="SentCodes.KeyOf"/>.</param>
/// <param name="Hash">SHA-256 of the random bits.</param>
/// <param name="Address">Path and query of the link.</param>
internal sealed record EmailLinkToken(string Key, byte[] Hash, string Address)
{
    private const int KeyBytes = 8;
    private const int SecretBytes = 32;

    public static EmailLinkToken New(string purpose)
    {
        var token = new byte[KeyBytes + SecretBytes];
        Convert.FromHexString(SentCodes.KeyOf(purpose)).CopyTo(token, 0);
        RandomNumberGenerator.Fill(token.AsSpan(KeyBytes));
        return Of(token);
    }

    /// <summary>Null when it is none of ours.</summary>
    public static EmailLinkToken? Parse(string? text) =>
        text is { Length: <= 64 } && Base64Url.IsValid(text, out var length) && length == KeyBytes + SecretBytes
            ? Of(Base64Url.DecodeFromChars(text))
            : null;

    private static EmailLinkToken Of(byte[] token) => new(
        Convert.ToHexString(token.AsSpan(0, KeyBytes)),
        SHA256.HashData(token.AsSpan(KeyBytes)),
        $"{EndpointPaths.EmailLink}?{AccountLinks.Parameter}={Base64Url.EncodeToString(token)}");
}
