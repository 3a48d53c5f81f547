using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Token;

/// <summary><c>grant_type=client_credentials</c>: RFC 6749 §4.4. Nothing is read and nothing is written; the token bears the client's own status bit.</summary>
public sealed class ClientCredentialsGrantType(ICatalogStore catalog, TokenIssuer issuer, IOptions<ProtocolOptions> options) : IGrantType
{
    public string Name => GrantTypeNames.ClientCredentials;

    public Task<Result<TokenResponse>> HandleAsync(TokenRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(Handle(request));

    private Result<TokenResponse> Handle(TokenRequest request)
    {
        if (request.Client.IsPublic)
        {
            return OAuthError.UnauthorizedClient($"client {request.Client.ClientId} is public: RFC 6749 §4.4 is for confidential clients");
        }

        if (request.Client.Status.IsNone)
        {
            return OAuthError.UnauthorizedClient($"client {request.Client.ClientId} got no status bit: the list of clients is full");
        }

        var snapshot = catalog.Current;
        var scope = ReadScope(snapshot, request);
        if (!scope.Succeeded)
        {
            return scope.Error;
        }

        if (ResourceRules.FindProblem(snapshot, request.Client, scope.Value, request.Resources) is { } problem)
        {
            return problem;
        }

        var target = ResourceRules.Target(snapshot, options.Value.Issuer, scope.Value, [], request.Resources);
        var accessToken = issuer.IssueAccessToken(request.Client, target);
        return new TokenResponse { AccessToken = accessToken.Value, ExpiresIn = accessToken.Lifetime, Scope = target.Scope };
    }

    /// <summary>Scopes that speak of a person mean nothing here. Without <c>scope</c> the client gets all it may have (RFC 6749 §3.3).</summary>
    private static Result<ScopeSet> ReadScope(CatalogSnapshot snapshot, TokenRequest request)
    {
        var client = request.Client;
        var allowed = client.Scope.Where(token =>
            snapshot.FindScope(token) is { Claims.Count: 0 } && token is not (ScopeNames.OpenId or ScopeNames.OfflineAccess));
        if ((request.Scope is null ? allowed : ScopeSet.TryParse(request.Scope)) is not { } scope)
        {
            return OAuthError.InvalidScope("malformed, or more than " + ScopeSet.MaxTokens);
        }

        return scope.Count > 0 && scope.IsSubsetOf(allowed)
            ? scope
            : OAuthError.InvalidScope($"client {client.ClientId} asked for {scope} and may have {allowed} for itself");
    }
}
