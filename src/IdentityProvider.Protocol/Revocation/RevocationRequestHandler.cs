using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Revocation;

/// <summary>
/// The revocation endpoint's rules: RFC 7009 §2. Public clients name themselves; the token is their proof. What is no token of ours, or
/// is dead already, is as good as revoked (§2.2).
/// </summary>
public sealed class RevocationRequestHandler(
    ClientAuthenticator authenticator, RefreshTokenRevocation refreshTokens, AccessTokenRevocation accessTokens)
{
    /// <summary>
    /// Null when the token is worth nothing any more; else <c>invalid_client</c>, <c>invalid_request</c>, <c>invalid_grant</c> for another
    /// client's token, or <c>unsupported_token_type</c> for a token of a client for itself.
    /// </summary>
    public async Task<OAuthError?> HandleAsync(ClientCredentials credentials, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        var client = await authenticator.AuthenticateAsync(credentials, cancellationToken);
        if (!client.Succeeded)
        {
            return client.Error;
        }

        if (credentials.Parameters[ParameterNames.Token] is not { } token)
        {
            return OAuthError.InvalidRequest("token is missing.");
        }

        // token_type_hint is not needed: what we issue tells its kind by its form, and §2.1 allows to ignore the hint.
        var revocation = await refreshTokens.RevokeAsync(token, client.Value, cancellationToken)
            ?? await accessTokens.RevokeAsync(token, client.Value, cancellationToken);
        return revocation?.Error;
    }
}

/// <summary>A token was recognised: revoked, or refused with an error.</summary>
internal sealed record RevocationAttempt(OAuthError? Error)
{
    public static RevocationAttempt Revoked { get; } = new(Error: null);
}
