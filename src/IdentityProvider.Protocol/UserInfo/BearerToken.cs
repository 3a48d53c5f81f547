using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.UserInfo;

/// <summary>The access token of a request: RFC 6750 §2. Null <see cref="Value"/>: the request brought none.</summary>
public sealed record BearerToken(string? Value)
{
    private const string Scheme = "Bearer";

    /// <summary><c>invalid_request</c> when it was sent twice, in two places, in the query (RFC 9700 §4.3.2), or is malformed.</summary>
    /// <param name="authorizationHeader">Value of <c>Authorization</c>, or null. Another scheme is no bearer token.</param>
    /// <param name="body">Parameters of a form body (§2.2); null when there was none.</param>
    /// <param name="query">Parameters of the query, where a token must not stand.</param>
    public static Result<BearerToken> Find(string? authorizationHeader, RequestParameters? body, RequestParameters query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Has(ParameterNames.AccessToken) || IsDoubled(query))
        {
            return OAuthError.InvalidRequest("Access tokens are not accepted in the query.");
        }

        if (body is not null && IsDoubled(body))
        {
            return OAuthError.InvalidRequest("The access token was sent more than once.");
        }

        var inBody = body?[ParameterNames.AccessToken];
        if (authorizationHeader is null || !HasScheme(authorizationHeader))
        {
            return new BearerToken(inBody);
        }

        // §2: "Clients MUST NOT use more than one method to transmit the token in each request."
        if (inBody is not null)
        {
            return OAuthError.InvalidRequest("The access token was sent more than once.");
        }

        var value = authorizationHeader[Scheme.Length..].Trim(' ');
        return value.Length > 0 && !value.AsSpan().ContainsAny(' ', ',')
            ? new BearerToken(value)
            : OAuthError.InvalidRequest("The Authorization header is malformed.");
    }

    /// <summary>Scheme names are case-insensitive: RFC 9110 §11.1.</summary>
    private static bool HasScheme(string header) =>
        header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && (header.Length == Scheme.Length || header[Scheme.Length] == ' ');

    private static bool IsDoubled(RequestParameters parameters) =>
        string.Equals(parameters.Duplicate, ParameterNames.AccessToken, StringComparison.Ordinal);
}
