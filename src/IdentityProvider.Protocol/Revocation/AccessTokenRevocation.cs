using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Revocation;

/// <summary>
/// Revoking an access token withdraws the access tokens its grant has got so far and lets the grant stand, so that its owner can refresh
/// (architecture: one status bit per grant). A token of a client for itself has no grant and shares one bit with all its like: to withdraw
/// one would stop every other instance of that client, so it is refused as RFC 7009 §2.2.1 provides; disabling the client withdraws them.
/// </summary>
public sealed class AccessTokenRevocation(
    AccessTokenReader reader, IGrantStore grants, IStatusListStore statusLists, ICatalogStore catalog, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>Null when it is no live access token of ours.</summary>
    internal async Task<RevocationAttempt?> RevokeAsync(string token, Client client, CancellationToken cancellationToken)
    {
        if (reader.Read(token) is not { } claims)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var entry = new AuditEvent
        {
            Type = AuditEventTypes.TokenRevoked,
            At = now,
            Subject = catalog.Current.FindClient(claims.ClientId) is { IsPairwise: false } ? claims.Subject : null, // the trail has account ids
            ClientId = client.ClientId,
            GrantId = claims.GrantId,
            Detail = "access tokens withdrawn; the grant stands",
        };
        if (!string.Equals(claims.ClientId, client.ClientId, StringComparison.Ordinal))
        {
            var detail = $"client {client.ClientId} tried to revoke an access token of client {claims.ClientId}";
            await audit.AppendAsync(entry with { Type = AuditEventTypes.RevocationRefused, Detail = detail }, cancellationToken);
            return new RevocationAttempt(OAuthError.InvalidGrant(detail));
        }

        if (claims.GrantId is not { } grantId)
        {
            return new RevocationAttempt(new OAuthError(
                ErrorCodes.UnsupportedTokenType,
                "Access tokens of the client credentials grant cannot be revoked one by one.",
                $"client {client.ClientId} tried to revoke a client-credentials token"));
        }

        // False: the grant has another status already, so these tokens were withdrawn before.
        var fresh = await statusLists.AllocateAsync(cancellationToken);
        await grants.RenewStatusAsync(grantId, claims.Status, fresh, entry, cancellationToken);
        return RevocationAttempt.Revoked;
    }
}
