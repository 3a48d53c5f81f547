using System.Buffers.Text;
using System.Text.Json;

namespace NativeApp;

/// <summary>
/// OIDC Core §3.1.3.7: issuer, audience, lifetime and nonce. The token came straight from the token endpoint over TLS, so its signature
/// need not be checked (step 6).
/// </summary>
internal static class IdTokenRules
{
    /// <exception cref="NativeException">The token is not the answer to our request.</exception>
    public static void Check(string idToken, string issuer, string clientId, string nonce, DateTimeOffset now)
    {
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(idToken.Split('.')[1]));
        var claims = document.RootElement;
        var audience = claims.GetProperty("aud");
        var isForUs = audience.ValueKind == JsonValueKind.Array
            ? audience.EnumerateArray().Any(one => one.ValueEquals(clientId))
            : audience.ValueEquals(clientId);
        if (!claims.GetProperty("iss").ValueEquals(issuer)
            || !isForUs
            || !claims.GetProperty("nonce").ValueEquals(nonce)
            || DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("exp").GetInt64()) < now)
        {
            throw new NativeException("The ID token is not for this app.");
        }
    }
}
