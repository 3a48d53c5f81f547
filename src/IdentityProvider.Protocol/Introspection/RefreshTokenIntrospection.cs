using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Token;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Introspection;

/// <summary>Refresh tokens, told only to the client they belong to: RFC 7662 §2.2 and §4.</summary>
public sealed class RefreshTokenIntrospection(
    RefreshTokens refreshTokens, IGrantStore grants, SubjectIdentifiers subjects, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    /// <summary>
    /// Null when it is not the fresh refresh token of a live grant of the caller. One that was rotated is inactive, also while it would
    /// still give its successor again. One read, and none for garbage.
    /// </summary>
    public async Task<IntrospectionResponse?> FindAsync(string token, Client caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (refreshTokens.Open(token) is not { } value
            || await grants.FindAsync(value.GrantId, cancellationToken) is not { } grant
            || !string.Equals(grant.ClientId, caller.ClientId, StringComparison.Ordinal)
            || !grant.IsLive(clock.GetUtcNow())
            || value.Counter < grant.Counter)
        {
            return null;
        }

        return new IntrospectionResponse
        {
            Active = true,
            Scope = grant.Scope,
            ClientId = grant.ClientId,
            ExpiresAt = grant.ExpiresAt,
            IssuedAt = grant.RotatedAt ?? grant.CreatedAt,
            Subject = subjects.Of(caller, grant.Subject),
            Issuer = options.Value.Issuer,
            AuthTime = grant.AuthTime,
            Acr = grant.Acr,
            Amr = grant.Amr,
            SessionId = subjects.SessionOf(caller, grant.SessionId),
        };
    }
}
