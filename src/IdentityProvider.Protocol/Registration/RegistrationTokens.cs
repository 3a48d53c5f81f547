using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider.Protocol.Registration;

/// <summary>What registration hands out: 256 random bits each, kept as SHA-256 only. The id of a self-registered client has its own form.</summary>
public static class RegistrationTokens
{
    /// <summary>How ids of self-registered clients begin, so that an unknown one is recognised as perhaps registered on another node.</summary>
    private const string IdPrefix = "dyn-";

    private const int IdLength = 26;

    /// <summary>Longest token looked at, in characters.</summary>
    private const int MaxLength = 200;

    public static string NewClientId() => IdPrefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    public static bool IsClientId(string clientId)
    {
        ArgumentNullException.ThrowIfNull(clientId);
        return clientId.Length == IdLength && clientId.StartsWith(IdPrefix, StringComparison.Ordinal);
    }

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>SHA-256, 32 bytes; of a text that is longer than any token, of nothing.</summary>
    public static byte[] Hash(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return SHA256.HashData(token.Length > MaxLength ? [] : Encoding.UTF8.GetBytes(token));
    }
}
