using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>
/// Encrypts shared secrets at rest, each for its account alone. By ASP.NET data protection, whose keys are never removed and stand in the key
/// ring under the master key: a copy of the database without that key gives no code.
/// </summary>
public sealed class TotpSecrets(IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>How long a secret that was shown may wait for its first code.</summary>
    private static readonly TimeSpan OfferLifetime = TimeSpan.FromMinutes(30);

    public string Seal(string accountId, ReadOnlySpan<byte> secret) => Stored(accountId).Protect(Base64Url.EncodeToString(secret));

    /// <exception cref="CryptographicException">The value is not of this account or the keys are gone.</exception>
    public byte[] Open(TotpAuthenticator authenticator)
    {
        ArgumentNullException.ThrowIfNull(authenticator);
        return Base64Url.DecodeFromChars(Stored(authenticator.AccountId).Unprotect(authenticator.SealedSecret));
    }

    /// <summary>A fresh secret that nothing hangs on yet, sealed to travel in the form that shows it.</summary>
    public string NewOffer(string accountId)
    {
        var secret = RandomNumberGenerator.GetBytes(Totp.SecretBytes);
        return Offered(accountId).Protect($"{clock.GetUtcNow().ToUnixTimeSeconds()} {Base64Url.EncodeToString(secret)}");
    }

    /// <summary>Null when it was not offered to this account, or too long ago.</summary>
    public byte[]? OpenOffer(string accountId, string? offer)
    {
        if (string.IsNullOrEmpty(offer) || offer.Length > 1000)
        {
            return null;
        }

        try
        {
            var parts = Offered(accountId).Unprotect(offer).Split(' ');
            var offeredAt = DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture));
            return clock.GetUtcNow() < offeredAt + OfferLifetime ? Base64Url.DecodeFromChars(parts[1]) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector Stored(string accountId) => protection.CreateProtector("totp", accountId);

    private IDataProtector Offered(string accountId) => protection.CreateProtector("totp-offer", accountId);
}
