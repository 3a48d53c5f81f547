using System.Buffers.Text;
using System.Text;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Tests.Jose;

/// <summary>Tokens as a stranger would make them: any header, any payload, signed as written.</summary>
internal static class TestTokens
{
    public static readonly JwtReadRules AnyType = new(SigningAlgorithm.All, ["JWT"]) { AllowsMissingType = true };

    /// <summary>Signs header and payload exactly as given.</summary>
    public static string Sign(SigningCredential credential, string header, string payload) =>
        Sign(credential, header, Encoding.UTF8.GetBytes(payload));

    public static string Sign(SigningCredential credential, string header, byte[] payload)
    {
        var input = $"{Encode(header)}.{Base64Url.EncodeToString(payload)}";
        return $"{input}.{Base64Url.EncodeToString(credential.Sign(Encoding.ASCII.GetBytes(input)))}";
    }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public static JsonWebKey ParseKey(string json)
    {
        Assert.True(JsonWebKey.TryParse(Encoding.UTF8.GetBytes(json), out var key, out var reason), reason);
        return key;
    }

    public static string? WhyNotAKey(string json)
    {
        var parsed = JsonWebKey.TryParse(Encoding.UTF8.GetBytes(json), out var key, out var reason);
        Assert.Equal(parsed, key is not null);
        return reason;
    }

    /// <summary>Whether the compact JWS verifies, whatever its payload; goes the way the reader goes, but for the payload.</summary>
    public static bool VerifiesAsJws(string token, JsonWebKeySet keys, JwtReadRules rules) =>
        Ascii.IsValid(token)
        && JwtReader.TryOpen(Encoding.ASCII.GetBytes(token), rules, keys, out var jws, out _)
        && JwtReader.FindSigner(jws) is not null;
}
