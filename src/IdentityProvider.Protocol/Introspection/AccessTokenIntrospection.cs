using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Introspection;

/// <summary>
/// Access tokens, told only to the resource servers they are for: RFC 7662 §4 wants a token that is not meant for the caller to be
/// inactive. The client that a token was issued to is no resource server; for it the token is opaque (RFC 9068 §6).
/// </summary>
public sealed class AccessTokenIntrospection(
    AccessTokenReader reader, IStatusListStore statusLists, ICatalogStore catalog, IOptions<ProtocolOptions> options)
{
    /// <summary>Null when it is not a live access token for one of the caller's audiences. One read, and none for garbage.</summary>
    public async Task<IntrospectionResponse?> FindAsync(string token, Client caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (reader.Read(token) is not { } claims
            || !claims.Audiences.Any(audience => caller.IntrospectionAudiences.Contains(audience, StringComparer.Ordinal))
            || catalog.Current.FindClient(claims.ClientId) is null
            || await statusLists.IsRevokedAsync(claims.Status, cancellationToken))
        {
            return null;
        }

        return new IntrospectionResponse
        {
            Active = true,
            Scope = claims.Scope,
            ClientId = claims.ClientId,
            TokenType = "Bearer",
            ExpiresAt = claims.ExpiresAt,
            IssuedAt = claims.IssuedAt,
            Subject = claims.Subject,
            Audiences = claims.Audiences,
            Issuer = options.Value.Issuer,
            JwtId = claims.Jti,
            AuthTime = claims.AuthTime,
            Acr = claims.Acr,
            Amr = claims.Amr,
            SessionId = claims.SessionId,
        };
    }
}
