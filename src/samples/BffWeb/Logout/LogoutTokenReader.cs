using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace BffWeb.Logout;

/// <summary>
/// Checks a logout token by the list of OpenID Connect Back-Channel Logout §2.6. <c>jti</c> is not remembered: within its two minutes of
/// life a token that comes again finds its sessions ended already.
/// </summary>
internal sealed class LogoutTokenReader(IssuerKeys keys, IOptions<SiteOptions> site, TimeProvider time)
{
    private const string LogoutEvent = "http://schemas.openid.net/event/backchannel-logout";

    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>Null: not a logout token for this site.</summary>
    public async Task<LogoutToken?> ReadAsync(string token, CancellationToken cancellationToken)
    {
        try
        {
            var parts = token.Split('.');
            if (parts.Length != 3)
            {
                return null;
            }

            using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
            var isExpected = header.RootElement.GetProperty("alg").ValueEquals("ES256") && header.RootElement.GetProperty("typ").ValueEquals("logout+jwt");
            if (!isExpected || !await keys.VerifyAsync(
                    header.RootElement.GetProperty("kid").GetString()!,
                    Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]),
                    Base64Url.DecodeFromChars(parts[2]),
                    cancellationToken))
            {
                return null;
            }

            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            return Check(claims.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            // Not the form of a token, or a claim of another type.
            return null;
        }
    }

    private LogoutToken? Check(JsonElement claims)
    {
        var audience = claims.GetProperty("aud");
        var isForUs = audience.ValueKind == JsonValueKind.Array
            ? audience.EnumerateArray().Any(one => one.ValueEquals(site.Value.ClientId))
            : audience.ValueEquals(site.Value.ClientId);
        var expiry = DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("exp").GetInt64());
        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("iat").GetInt64());
        var sessionId = claims.TryGetProperty("sid", out var sid) ? sid.GetString() : null;
        var subject = claims.TryGetProperty("sub", out var sub) ? sub.GetString() : null;

        // A token with a nonce is an ID token in disguise.
        return claims.GetProperty("iss").ValueEquals(site.Value.Issuer)
            && isForUs
            && expiry > time.GetUtcNow() - ClockSkew
            && issuedAt < time.GetUtcNow() + ClockSkew
            && claims.GetProperty("events").GetProperty(LogoutEvent).ValueKind == JsonValueKind.Object
            && !claims.TryGetProperty("nonce", out _)
            && (sessionId ?? subject) is not null
            ? new LogoutToken(sessionId, subject)
            : null;
    }
}
