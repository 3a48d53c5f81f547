using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Token;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Revocation;

/// <summary>Revoking a refresh token ends its grant, and with it every access token (RFC 7009 §2.1). One that was rotated ends it as well.</summary>
public sealed class RefreshTokenRevocation(RefreshTokens refreshTokens, IGrantStore grants, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>Null when it is no refresh token of ours.</summary>
    internal async Task<RevocationAttempt?> RevokeAsync(string token, Client client, CancellationToken cancellationToken)
    {
        if (refreshTokens.Open(token) is not { } value)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        if (await grants.FindAsync(value.GrantId, cancellationToken) is not { } grant)
        {
            return RevocationAttempt.Revoked;
        }

        var entry = new AuditEvent
        {
            Type = AuditEventTypes.TokenRevoked,
            At = now,
            Subject = grant.Subject,
            ClientId = client.ClientId,
            GrantId = grant.Id,
            SessionId = grant.SessionId,
            Detail = "refresh token; the grant ended",
        };
        if (!string.Equals(grant.ClientId, client.ClientId, StringComparison.Ordinal))
        {
            var detail = $"client {client.ClientId} tried to revoke a refresh token of client {grant.ClientId}";
            await audit.AppendAsync(entry with { Type = AuditEventTypes.RevocationRefused, Detail = detail }, cancellationToken);
            return new RevocationAttempt(OAuthError.InvalidGrant(detail));
        }

        if (grant.IsLive(now))
        {
            await grants.RevokeAsync(grant.Id, entry, cancellationToken);
        }

        return RevocationAttempt.Revoked;
    }
}
