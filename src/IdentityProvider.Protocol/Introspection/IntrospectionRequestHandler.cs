using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Introspection;

/// <summary>
/// The introspection endpoint's rules: RFC 7662 §2. Only clients with credentials may ask. What is unknown, expired, withdrawn, or none of
/// the caller's business gets one and the same answer (§2.2), so that nobody can scan for tokens (§4).
/// </summary>
public sealed class IntrospectionRequestHandler(
    ClientAuthenticator authenticator, AccessTokenIntrospection accessTokens, RefreshTokenIntrospection refreshTokens)
{
    /// <summary>The answer, or <c>invalid_client</c>, or <c>invalid_request</c> when no token was sent.</summary>
    public async Task<Result<IntrospectionResponse>> HandleAsync(ClientCredentials credentials, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        var caller = await authenticator.AuthenticateAsync(credentials, cancellationToken);
        if (!caller.Succeeded)
        {
            return caller.Error;
        }

        // §2.1: "the endpoint MUST also require some form of authorization"; naming oneself is none.
        if (caller.Value.IsPublic)
        {
            return OAuthError.InvalidClient($"client {caller.Value.ClientId} is public and may not introspect");
        }

        if (credentials.Parameters[ParameterNames.Token] is not { } token)
        {
            return OAuthError.InvalidRequest("token is missing.");
        }

        // token_type_hint is not needed: what we issue tells its kind by its form, and §2.1 allows to ignore the hint.
        return await refreshTokens.FindAsync(token, caller.Value, cancellationToken)
            ?? await accessTokens.FindAsync(token, caller.Value, cancellationToken)
            ?? IntrospectionResponse.Inactive;
    }
}
