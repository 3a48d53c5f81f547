namespace IdentityProvider.Protocol.Primitives;

/// <summary>What a client did wrong: RFC 6749 §4.1.2.1 and §5.2.</summary>
/// <param name="Code">The registered word, sent as <c>error</c>.</param>
/// <param name="Description">
/// A constant sentence, sent as <c>error_description</c>. It never repeats input and stays in the character set of RFC 6749 §5.2.
/// </param>
/// <param name="Detail">The reason for our log: what was received, what was allowed. Never sent, and it never holds a secret.</param>
public sealed record OAuthError(string Code, string Description, string Detail)
{
    /// <summary>When the client may try again, where a limit is reached (RFC 6585 §4); else null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static OAuthError InvalidRequest(string description, string? detail = null) =>
        new(ErrorCodes.InvalidRequest, description, detail ?? description);

    public static OAuthError InvalidClient(string detail) =>
        new(ErrorCodes.InvalidClient, "Client authentication failed.", detail);

    public static OAuthError TooManyFailures(TimeSpan retryAfter, string detail) =>
        new(ErrorCodes.InvalidClient, "Client authentication failed too often. Try again later.", detail) { RetryAfter = retryAfter };

    public static OAuthError InvalidGrant(string detail) =>
        new(ErrorCodes.InvalidGrant, "The code or token is invalid, expired, revoked, or was issued to another client.", detail);

    public static OAuthError InvalidScope(string detail) =>
        new(ErrorCodes.InvalidScope, "A requested scope is unknown, malformed, or not allowed for this client.", detail);

    public static OAuthError InvalidTarget(string detail) =>
        new(ErrorCodes.InvalidTarget, "A requested resource is unknown, malformed, or not allowed for this client.", detail);

    public static OAuthError UnauthorizedClient(string detail) =>
        new(ErrorCodes.UnauthorizedClient, "This client is not registered for what it asked for.", detail);

    public static OAuthError InvalidToken(string detail) =>
        new(ErrorCodes.InvalidToken, "The access token is invalid, expired, or revoked.", detail);
}
