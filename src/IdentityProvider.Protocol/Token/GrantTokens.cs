using System.Text.Json;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Token;

/// <summary>The token response of a grant: RFC 6749 §5.1, OIDC Core §3.1.3.3 and §12.2. Nothing is stored.</summary>
public sealed class GrantTokens(
    TokenIssuer issuer,
    RefreshTokens refreshTokens,
    ISubjectDirectory subjects,
    ICatalogStore catalog,
    IOptions<ProtocolOptions> options)
{
    public async Task<TokenResponse> IssueAsync(GrantTokenRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var grant = request.Grant;
        var scope = request.Scope ?? grant.Scope;
        var target = ResourceRules.Target(catalog.Current, options.Value.Issuer, scope, grant.Resources, request.Resources);
        var accessToken = issuer.IssueAccessToken(request.Client, target, grant);
        var idToken = scope.Contains(ScopeNames.OpenId)
            ? issuer.IssueIdToken(
                request.Client, grant, accessToken.Value, request.Nonce, await FindIdTokenClaimsAsync(grant, cancellationToken))
            : null;
        return new TokenResponse
        {
            AccessToken = accessToken.Value,
            ExpiresIn = accessToken.Lifetime,
            RefreshToken = request.RefreshCounter is { } counter ? refreshTokens.Compute(grant.Id, counter) : null,
            IdToken = idToken,
            Scope = target.Scope,
        };
    }

    /// <summary>Only what the <c>claims</c> parameter asked into the ID token; everything else is for userinfo (OIDC Core §5.4).</summary>
    private async Task<IReadOnlyList<KeyValuePair<string, JsonElement>>> FindIdTokenClaimsAsync(Grant grant, CancellationToken cancellationToken)
    {
        if (RequestedClaims.TryParse(grant.RequestedClaims) is not { IdToken.Count: > 0 } requested
            || await subjects.FindAsync(grant.Subject, cancellationToken) is not { } subject)
        {
            return [];
        }

        return [.. requested.IdToken
            .Where(name => !ClaimNames.IsReserved(name) && subject.Claims.ContainsKey(name))
            .Select(name => KeyValuePair.Create(name, subject.Claims[name]))];
    }
}

/// <summary>What to issue under a grant.</summary>
public sealed record GrantTokenRequest(Grant Grant, Client Client)
{
    /// <summary>Null for all that was granted.</summary>
    public ScopeSet? Scope { get; init; }

    /// <summary>Resources of the token request (RFC 8707 §2.2).</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    public string? Nonce { get; init; }

    /// <summary>Counter of the refresh token to return; null for none.</summary>
    public long? RefreshCounter { get; init; }
}
