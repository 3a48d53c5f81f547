using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Token;

/// <summary>
/// Turns a code into its grant, once: the insert of the row decides (ADR 3). A second use revokes what the first one gave (RFC 6749 §4.1.2).
/// </summary>
public sealed class GrantOpener(
    IGrantStore grants,
    IStatusListStore statusLists,
    GrantTokens tokens,
    RefreshClock clock,
    IOptions<ProtocolOptions> options)
{
    public async Task<Result<TokenResponse>> OpenAsync(AuthorizationCode code, TokenRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(request);
        var grant = NewGrant(code, request.Client, await statusLists.AllocateAsync(cancellationToken));
        switch (await grants.TryOpenAsync(grant, code.ConsentScope, cancellationToken))
        {
            case GrantOpening.Opened:
                var refreshCounter = request.Client.Allows(GrantTypeNames.RefreshToken) ? grant.Counter : (long?)null;
                return await tokens.IssueAsync(new GrantTokenRequest(grant, request.Client)
                {
                    Nonce = code.Nonce,
                    RefreshCounter = refreshCounter,
                    Resources = request.Resources,
                }, cancellationToken);
            case GrantOpening.Withdrawn:
                return OAuthError.InvalidGrant("the session, the account, the client or the consent ended after the code was issued");
            case GrantOpening.AlreadyUsed:
                await grants.RevokeAsync(
                    grant.Id, EntryOf(AuditEventTypes.CodeReplayed, code, request.Client, "second use; the grant is revoked"), cancellationToken);
                return OAuthError.InvalidGrant("the code was used before; its grant is revoked");
            default:
                throw new InvalidOperationException("an outcome without a branch");
        }
    }

    /// <summary>Marks a misused code as spent, or revokes what it gave when it was redeemed already.</summary>
    public async Task SpendAsync(AuthorizationCode code, Client presenter, string why, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(presenter);
        var grant = NewGrant(code, presenter, await statusLists.AllocateAsync(cancellationToken));
        await grants.SpendAsync(grant, EntryOf(AuditEventTypes.CodeMisused, code, presenter, why), cancellationToken);
    }

    private Grant NewGrant(AuthorizationCode code, Client client, StatusReference status)
    {
        // The row outlives the code, or the code could be used again.
        var lifetimes = options.Value.Tokens;
        var term = clock.Begin(client, code.IssuedAt + lifetimes.AuthorizationCodeLifetime + (2 * lifetimes.ClockSkew));
        return new Grant
        {
            Id = code.Id,
            ClientId = code.ClientId,
            Subject = code.Subject,
            SessionId = code.SessionId,
            Scope = code.Scope,
            Resources = code.Resources,
            AuthTime = code.AuthTime,
            Acr = code.Acr,
            Amr = code.Amr,
            RequestedClaims = code.RequestedClaims,
            CreatedAt = term.CreatedAt,
            ExpiresAt = term.ExpiresAt,
            AbsoluteExpiresAt = term.AbsoluteExpiresAt,
            Status = status,
        };
    }

    private AuditEvent EntryOf(string type, AuthorizationCode code, Client presenter, string detail) => new()
    {
        Type = type,
        At = clock.Now,
        Subject = code.Subject,
        ClientId = presenter.ClientId,
        GrantId = code.Id,
        SessionId = code.SessionId,
        Detail = detail,
    };
}
