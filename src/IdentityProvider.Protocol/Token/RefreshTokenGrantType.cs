using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Token;

/// <summary>
/// <c>grant_type=refresh_token</c>: RFC 6749 §6, RFC 9700 §4.14.2. Every refresh rotates; the conditional update decides which caller did.
/// The token before the last one gives the same successor again for a short while, so that two tabs and a lost answer throw nobody
/// out; whatever else presents a counter that has passed is a replay, and the grant ends.
/// </summary>
public sealed class RefreshTokenGrantType(
    RefreshTokens refreshTokens,
    IGrantStore grants,
    GrantTokens tokens,
    ICatalogStore catalog,
    IAuditTrail audit,
    RefreshClock clock) : IGrantType
{
    public string Name => GrantTypeNames.RefreshToken;

    public async Task<Result<TokenResponse>> HandleAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.RefreshToken is null)
        {
            return OAuthError.InvalidRequest("refresh_token is missing.");
        }

        if (refreshTokens.Open(request.RefreshToken) is not { } token)
        {
            return OAuthError.InvalidGrant("not a refresh token of ours");
        }

        if (await grants.FindAsync(token.GrantId, cancellationToken) is not { } grant)
        {
            return OAuthError.InvalidGrant("the grant is gone");
        }

        // Shown by somebody else, the owner's token stays good: otherwise any client could end any grant it has seen a token of.
        if (!string.Equals(grant.ClientId, request.Client.ClientId, StringComparison.Ordinal))
        {
            var detail = $"a refresh token of client {grant.ClientId} was presented by client {request.Client.ClientId}";
            await audit.AppendAsync(EntryOf(AuditEventTypes.RefreshTokenMisused, grant, request.Client, detail), cancellationToken);
            return OAuthError.InvalidGrant(detail);
        }

        if (!grant.IsLive(clock.Now))
        {
            return OAuthError.InvalidGrant(grant.RevokedAt is null ? "the grant has expired" : "the grant was revoked");
        }

        // §6: "The requested scope MUST NOT include any scope not originally granted". Checked before anything is rotated.
        var scope = ReadScope(request, grant);
        if (!scope.Succeeded)
        {
            return scope.Error;
        }

        if (FindResourceProblem(request, grant, scope.Value) is { } problem)
        {
            return problem;
        }

        return await RotateAsync(grant, token.Counter, request, cancellationToken) is { } refusal
            ? refusal
            : await tokens.IssueAsync(
                new GrantTokenRequest(grant, request.Client)
                {
                    Scope = scope.Value,
                    RefreshCounter = token.Counter + 1,
                    Resources = request.Resources,
                },
                cancellationToken);
    }

    private Result<ScopeSet> ReadScope(TokenRequest request, Grant grant)
    {
        if ((request.Scope is null ? grant.Scope : ScopeSet.TryParse(request.Scope)) is not { } asked || !asked.IsSubsetOf(grant.Scope))
        {
            return OAuthError.InvalidScope("wider than granted, or malformed");
        }

        // What the client or the catalogue has lost since is not given any more.
        var standing = asked.Where(value => request.Client.Scope.Contains(value) && catalog.Current.FindScope(value) is not null);
        return standing.Count > 0 ? standing : OAuthError.InvalidScope($"nothing of {asked} stands any more");
    }

    private OAuthError? FindResourceProblem(TokenRequest request, Grant grant, ScopeSet scope)
    {
        if (grant.Resources.Count > 0 && request.Resources.Any(asked => !grant.Resources.Contains(asked, StringComparer.Ordinal)))
        {
            return OAuthError.InvalidTarget("a resource was asked that was not granted (RFC 8707 §2.2)");
        }

        return ResourceRules.FindProblem(catalog.Current, request.Client, scope, request.Resources);
    }

    /// <summary>Null when the caller may have the successor.</summary>
    private async Task<OAuthError?> RotateAsync(Grant read, long counter, TokenRequest request, CancellationToken cancellationToken)
    {
        var grant = read;
        if (grant.Counter <= counter)
        {
            if (await grants.TryRotateAsync(grant.Id, counter, clock.Now, clock.NewEnd(grant, request.Client), cancellationToken))
            {
                return null;
            }

            // Somebody was faster between our read and our write: what stands now decides.
            if (await grants.FindAsync(grant.Id, cancellationToken) is not { } current || !current.IsLive(clock.Now))
            {
                return OAuthError.InvalidGrant("the grant ended while it was refreshed");
            }

            grant = current;
        }

        if (grant.Counter == counter + 1 && clock.IsWithinReuseWindow(grant))
        {
            return null;
        }

        var detail = $"counter {counter} was presented, {grant.Counter} is due; the grant is revoked";
        await grants.RevokeAsync(grant.Id, EntryOf(AuditEventTypes.RefreshTokenReplayed, grant, request.Client, detail), cancellationToken);
        return OAuthError.InvalidGrant("refresh token replayed: " + detail);
    }

    private AuditEvent EntryOf(string type, Grant grant, Client presenter, string detail) => new()
    {
        Type = type,
        At = clock.Now,
        Subject = grant.Subject,
        ClientId = presenter.ClientId,
        GrantId = grant.Id,
        SessionId = grant.SessionId,
        Detail = detail,
    };
}
