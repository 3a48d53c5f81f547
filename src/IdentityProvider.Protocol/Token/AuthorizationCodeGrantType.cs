using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Token;

/// <summary><c>grant_type=authorization_code</c>: RFC 6749 §4.1.3, RFC 7636 §4.6, OIDC Core §3.1.3.</summary>
public sealed class AuthorizationCodeGrantType(
    AuthorizationCodes codes,
    GrantOpener opener,
    ICatalogStore catalog,
    TimeProvider clock,
    IOptions<ProtocolOptions> options) : IGrantType
{
    public string Name => GrantTypeNames.AuthorizationCode;

    public async Task<Result<TokenResponse>> HandleAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Code is null)
        {
            return OAuthError.InvalidRequest("code is missing.");
        }

        if (codes.Open(request.Code) is not { } code)
        {
            return OAuthError.InvalidGrant("the code is forged, altered, or sealed under a removed key");
        }

        if (clock.GetUtcNow() >= code.IssuedAt + options.Value.Tokens.AuthorizationCodeLifetime)
        {
            return OAuthError.InvalidGrant("the code has expired");
        }

        // A genuine code in the wrong hands or with the wrong proof is a sign of theft: it is spent, so that a second try cannot succeed.
        if (FindMisuse(request, code) is { } misuse)
        {
            await opener.SpendAsync(code, request.Client, misuse, cancellationToken);
            return OAuthError.InvalidGrant(misuse);
        }

        if (FindResourceProblem(request, code) is { } problem)
        {
            await opener.SpendAsync(code, request.Client, problem.Detail, cancellationToken);
            return problem;
        }

        return await opener.OpenAsync(code, request, cancellationToken);
    }

    private static string? FindMisuse(TokenRequest request, AuthorizationCode code)
    {
        if (!string.Equals(code.ClientId, request.Client.ClientId, StringComparison.Ordinal))
        {
            return $"a code of client {code.ClientId} was presented by client {request.Client.ClientId}";
        }

        if (!IsSameRedirectUri(request, code))
        {
            return "redirect_uri differs from the authorization request";
        }

        return (code.CodeChallenge, request.CodeVerifier) switch
        {
            (null, null) => null,
            (null, _) => "code_verifier was sent although the authorization request had no code_challenge (RFC 9700 §4.8.2)",
            (_, null) => "code_verifier is missing",
            ({ } challenge, { } verifier) => Pkce.Matches(challenge, verifier) ? null : "code_verifier does not match code_challenge",
        };
    }

    /// <summary>
    /// §4.1.3: "if the redirect_uri parameter was included in the authorization request ... their values MUST be identical". When it was
    /// not, there was one to choose from, and a client that names it here says nothing wrong.
    /// </summary>
    private static bool IsSameRedirectUri(TokenRequest request, AuthorizationCode code) =>
        code.RedirectUri is { } bound
            ? string.Equals(bound, request.RedirectUri, StringComparison.Ordinal)
            : request.RedirectUri is null || request.Client.RedirectUris.Contains(request.RedirectUri, StringComparer.Ordinal);

    private OAuthError? FindResourceProblem(TokenRequest request, AuthorizationCode code)
    {
        if (code.Resources.Count > 0 && request.Resources.Any(asked => !code.Resources.Contains(asked, StringComparer.Ordinal)))
        {
            return OAuthError.InvalidTarget("a resource was asked that the authorization request did not name (RFC 8707 §2.2)");
        }

        return ResourceRules.FindProblem(catalog.Current, request.Client, code.Scope, request.Resources);
    }
}
