namespace IdentityProvider.Protocol.Jose;

/// <summary>
/// What the registered claims of a verified JWT must say: RFC 7519 §4.1, RFC 8725 §3.8 to §3.9. Pure; the caller brings the time.
/// A property left at its default is not checked, except that <c>exp</c> and <c>nbf</c> count whenever they are present.
/// </summary>
public sealed record JwtClaimRules
{
    /// <summary><c>iss</c> must be present and this, character by character. Null: not checked.</summary>
    public string? Issuer { get; init; }

    /// <summary><c>sub</c> must be present and this. Null: not checked.</summary>
    public string? Subject { get; init; }

    /// <summary>One of <c>aud</c> must be one of these, character by character. Empty: not checked.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>Whether <c>aud</c> must have exactly one value, so that a token made for us and another is refused.</summary>
    public bool RequiresSoleAudience { get; init; }

    /// <summary>Whether <c>exp</c> must be present. Default true.</summary>
    public bool RequiresExpiry { get; init; } = true;

    /// <summary>Longest time from now to <c>exp</c>; null for any. Bounds what must be remembered of a <c>jti</c>.</summary>
    public TimeSpan? MaximumLifetime { get; init; }

    /// <summary><c>iat</c> must be present and at most this old; null: not checked.</summary>
    public TimeSpan? MaximumAge { get; init; }

    /// <summary>Whether <c>sub</c> must be present and not empty.</summary>
    public bool RequiresSubject { get; init; }

    /// <summary>Whether <c>jti</c> must be present and not empty.</summary>
    public bool RequiresId { get; init; }

    /// <summary>How far the sender's clock may be from ours. Default 30 seconds.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How far <c>nbf</c> and <c>iat</c> may be in the future, where that is not <see cref="ClockSkew"/>. Null: it is.</summary>
    public TimeSpan? ClockLead { get; init; }

    /// <summary>Null when all hold, else the first that does not, as a fixed sentence for our log.</summary>
    /// <param name="jwt">The verified token.</param>
    /// <param name="now">From the caller's <see cref="TimeProvider"/>.</param>
    public string? FindProblem(Jwt jwt, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(jwt);
        return FindPartyProblem(jwt) ?? FindTimeProblem(jwt, now);
    }

    private string? FindPartyProblem(Jwt jwt)
    {
        if (Issuer is not null && !string.Equals(jwt.Issuer, Issuer, StringComparison.Ordinal))
        {
            return "iss is missing or not the expected issuer";
        }

        if (Subject is not null && !string.Equals(jwt.Subject, Subject, StringComparison.Ordinal))
        {
            return "sub is missing or not the expected subject";
        }

        if (RequiresSubject && string.IsNullOrEmpty(jwt.Subject))
        {
            return "sub is missing";
        }

        if (RequiresId && string.IsNullOrEmpty(jwt.Id))
        {
            return "jti is missing";
        }

        if (Audiences.Count == 0 && !RequiresSoleAudience)
        {
            return null;
        }

        var audiences = jwt.Audiences;
        if (RequiresSoleAudience && audiences.Count != 1)
        {
            return "aud does not have exactly one value";
        }

        return Audiences.Count == 0 || audiences.Any(audience => Audiences.Contains(audience, StringComparer.Ordinal))
            ? null
            : "aud is missing or does not name us";
    }

    private string? FindTimeProblem(Jwt jwt, DateTimeOffset now)
    {
        // RFC 7519 §4.1.4: on or after exp it must not be accepted.
        if (jwt.ExpiresAt is { } expiresAt)
        {
            if (now - ClockSkew >= expiresAt)
            {
                return "exp has passed";
            }

            if (MaximumLifetime is { } lifetime && expiresAt - now > lifetime + ClockSkew)
            {
                return "exp is too far in the future";
            }
        }
        else if (RequiresExpiry)
        {
            return "exp is missing";
        }

        var latest = now + (ClockLead ?? ClockSkew);
        if (jwt.NotBefore is { } notBefore && notBefore > latest)
        {
            return "nbf is in the future";
        }

        if (jwt.IssuedAt is { } issuedAt)
        {
            if (issuedAt > latest)
            {
                return "iat is in the future";
            }

            return MaximumAge is { } age && now - issuedAt > age + ClockSkew ? "iat is too long ago" : null;
        }

        return MaximumAge is null ? null : "iat is missing";
    }
}
