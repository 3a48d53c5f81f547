using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.DeviceAuthorization;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Token;

/// <summary>
/// Turns an approval into its grant, once: the insert of the row decides, as with codes (ADR 3). The grant belongs to the session that
/// approved. A second use gives nothing and, other than with codes, takes nothing back: devices poll, and two polls of an honest one may
/// arrive together.
/// </summary>
public sealed class DeviceGrantOpener(
    IGrantStore grants,
    IStatusListStore statusLists,
    GrantTokens tokens,
    ICatalogStore catalog,
    RefreshClock clock)
{
    public async Task<Result<TokenResponse>> OpenAsync(
        WaitingDevice device, DeviceDecision.Approved approval, TokenRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(approval);
        ArgumentNullException.ThrowIfNull(request);

        // What the client or the catalogue has lost since is not given any more.
        var scope = approval.Scope.Where(token => request.Client.Scope.Contains(token) && catalog.Current.FindScope(token) is not null);
        if (scope.Count == 0)
        {
            return OAuthError.InvalidScope($"nothing of {approval.Scope} stands any more");
        }

        if (FindResourceProblem(device, scope, request) is { } problem)
        {
            return problem;
        }

        var grant = NewGrant(device, approval, scope, request, await statusLists.AllocateAsync(cancellationToken));
        return await grants.TryOpenAsync(grant, consented: scope, cancellationToken) switch
        {
            GrantOpening.Opened => await tokens.IssueAsync(
                new GrantTokenRequest(grant, request.Client)
                {
                    RefreshCounter = request.Client.Allows(GrantTypeNames.RefreshToken) ? grant.Counter : null,
                    Resources = request.Resources,
                },
                cancellationToken),
            GrantOpening.Withdrawn => Denied("the session, the account, the client or the consent ended after the approval"),
            GrantOpening.AlreadyUsed => OAuthError.InvalidGrant("the device code was used before"),
            _ => throw new InvalidOperationException("an outcome without a branch"),
        };
    }

    /// <summary>RFC 8628 §3.5.</summary>
    internal static OAuthError Denied(string detail) => new(ErrorCodes.AccessDenied, "The request was denied.", detail);

    private OAuthError? FindResourceProblem(WaitingDevice device, ScopeSet scope, TokenRequest request)
    {
        if (device.Resources.Count > 0 && request.Resources.Any(asked => !device.Resources.Contains(asked, StringComparer.Ordinal)))
        {
            return OAuthError.InvalidTarget("a resource was asked that the device authorization request did not name (RFC 8707 §2.2)");
        }

        return ResourceRules.FindProblem(catalog.Current, request.Client, scope, request.Resources);
    }

    private Grant NewGrant(
        WaitingDevice device, DeviceDecision.Approved approval, ScopeSet scope, TokenRequest request, StatusReference status)
    {
        var term = clock.Begin(request.Client, device.ExpiresAt);
        return new Grant
        {
            Id = device.Id,
            ClientId = device.ClientId,
            Subject = approval.Subject,
            SessionId = approval.SessionId,
            Scope = scope,
            Resources = device.Resources,
            AuthTime = approval.AuthTime,
            Acr = approval.Acr,
            Amr = approval.Amr,
            CreatedAt = term.CreatedAt,
            ExpiresAt = term.ExpiresAt,
            AbsoluteExpiresAt = term.AbsoluteExpiresAt,
            Status = status,
        };
    }
}
