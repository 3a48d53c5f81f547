using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Accounts.Upstream;

/// <summary>What a provider's ID token must say: OIDC Core §3.1.3.7. Signature and algorithm were decided by <see cref="JwtReader"/> before.</summary>
public static class IdTokenRules
{
    /// <summary>How old a proof may be where a new one was demanded.</summary>
    public static readonly TimeSpan FreshAge = TimeSpan.FromMinutes(5);

    /// <summary>OIDC Core §2.</summary>
    private const int MaxSubjectLength = 255;

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(60);

    /// <summary>The algorithms that were configured, whatever the header says (§3.1.3.7 step 7); no token of another kind (RFC 8725 §3.11).</summary>
    public static JwtReadRules ReadRulesOf(UpstreamProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return new JwtReadRules([.. provider.IdTokenSigningAlgs.Select(name => SigningAlgorithm.Find(name)!)], ["JWT"]) { AllowsMissingType = true };
    }

    /// <summary>Null when all holds, else the first that does not, as a fixed sentence for our log.</summary>
    /// <param name="token">Verified with the provider's keys.</param>
    /// <param name="provider">Whom we asked.</param>
    /// <param name="nonce">As sent.</param>
    /// <param name="accessToken">That came with it.</param>
    /// <param name="fresh">Whether a new proof was demanded.</param>
    /// <param name="now">The time.</param>
    public static string? FindProblem(Jwt token, UpstreamProvider provider, string nonce, string accessToken, bool fresh, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(provider);

        // Steps 2, 3, 9 and 10. We trust no other audience beside us, so there is one.
        var rules = new JwtClaimRules
        {
            Issuer = provider.Issuer,
            Audiences = [provider.ClientId],
            RequiresSoleAudience = true,
            RequiresSubject = true,
            MaximumAge = FreshAge,
            ClockSkew = ClockSkew,
        };
        return rules.FindProblem(token, now)
            ?? FindSubjectProblem(token.Subject!)
            ?? FindPartyProblem(token, provider)
            ?? FindNonceProblem(token, nonce)
            ?? FindHashProblem(token, accessToken)
            ?? (fresh && provider.ShowsFreshness ? FindAgeProblem(token, now) : null);
    }

    private static string? FindSubjectProblem(string subject) =>
        subject.Length > MaxSubjectLength || !Ascii.IsValid(subject) ? "sub is longer than 255 characters or not ASCII" : null;

    // Steps 4 and 5.
    private static string? FindPartyProblem(Jwt token, UpstreamProvider provider) =>
        token.Has("azp") && !string.Equals(token.GetString("azp"), provider.ClientId, StringComparison.Ordinal) ? "azp is not us" : null;

    // Step 11.
    private static string? FindNonceProblem(Jwt token, string nonce) =>
        token.GetString("nonce") is { } sent && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.ASCII.GetBytes(nonce))
            ? null
            : "nonce is missing or not the one that was sent";

    // §3.1.3.8.
    private static string? FindHashProblem(Jwt token, string accessToken) =>
        token.Has("at_hash") && !(Ascii.IsValid(accessToken)
            && string.Equals(token.GetString("at_hash"), token.Algorithm.LeftHalfHash(accessToken), StringComparison.Ordinal))
            ? "at_hash is not of the access token"
            : null;

    // Step 13.
    private static string? FindAgeProblem(Jwt token, DateTimeOffset now) =>
        token.GetTime("auth_time") is { } authTime && now - authTime <= FreshAge + ClockSkew ? null : "auth_time is missing or too long ago";
}
