using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Token;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Authorization;

/// <summary>
/// Parameters → <see cref="AuthorizationRequest"/>, in the order of RFC 6749 §4.1.2.1: first who asks and where the answer goes, for
/// until both are known nothing is sent anywhere; then everything that can be answered with an error response.
/// </summary>
public sealed class AuthorizationRequestReader(
    ICatalogStore catalog, CatalogCatchUp catchUp, IdTokenHintReader hints, RequestObjectReader objects)
{
    /// <summary>
    /// The parameters that count: those of the request object when there is one (RFC 9101 §6.3), else those sent. The error is
    /// <c>invalid_request_object</c> and the like.
    /// </summary>
    public async ValueTask<Result<RequestParameters>> ReadParametersAsync(RequestParameters sent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sent);
        await catchUp.EnsureAsync(sent[ParameterNames.ClientId], cancellationToken);
        return RequestObjectReader.IsUsed(sent)
            && sent[ParameterNames.ClientId] is { } clientId
            && catalog.Current.FindClient(clientId) is { } client
                ? await objects.ReadAsync(client, sent, cancellationToken)
                : sent; // without a known client there is nobody whose object it could be: ReadTarget refuses it
    }

    /// <summary><see cref="ReadTarget"/>, also for a client that another node registered a moment ago.</summary>
    public async ValueTask<Result<ResponseTarget>> ReadTargetAsync(RequestParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        await catchUp.EnsureAsync(parameters[ParameterNames.ClientId], cancellationToken);
        return ReadTarget(parameters);
    }

    /// <summary>The client and the verified redirect URI; every error here is for our own page.</summary>
    public Result<ResponseTarget> ReadTarget(RequestParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!PendingAuthorizations.Holds(parameters))
        {
            return OAuthError.InvalidRequest("The request is too large.", $"more than {PendingAuthorizations.MaxLength} octets of parameters");
        }

        if (parameters[ParameterNames.ClientId] is not { } clientId || catalog.Current.FindClient(clientId) is not { } client)
        {
            return OAuthError.InvalidRequest("The client is unknown.", DescribeUnknownClient(parameters[ParameterNames.ClientId]));
        }

        if (parameters[ParameterNames.RedirectUri] is { } sent)
        {
            return RedirectUriRules.IsRegistered(client.RedirectUris, sent)
                ? new ResponseTarget(client, sent, RedirectUriWasSent: true)
                : OAuthError.InvalidRequest("The redirect URI is not registered.", DescribeUnknownRedirectUri(client, sent));
        }

        // RFC 6749 §3.1.2.3: may be left out when exactly one is registered; OIDC Core §3.1.2.1 requires it always.
        var isOpenId = ScopeSet.TryParse(parameters[ParameterNames.Scope])?.Contains(ScopeNames.OpenId) == true;
        return client.RedirectUris.Count == 1 && !isOpenId && !parameters.IsDoubled(ParameterNames.RedirectUri)
            ? new ResponseTarget(client, client.RedirectUris[0], RedirectUriWasSent: false)
            : OAuthError.InvalidRequest("The redirect URI is missing.", $"client {clientId} sent no redirect_uri, or two");
    }

    /// <summary>The rest; every error here goes to the client.</summary>
    public Result<AuthorizationRequest> Read(RequestParameters parameters, ResponseTarget target)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(target);
        var client = target.Client;
        if (RequestFormRules.FindProblem(parameters, client) is { } formProblem)
        {
            return formProblem;
        }

        var scope = ScopeRules.Read(catalog.Current, client, parameters[ParameterNames.Scope]);
        if (!scope.Succeeded)
        {
            return scope.Error;
        }

        if (ResourceRules.FindProblem(catalog.Current, client, scope.Value, parameters.Resources) is { } resourceProblem)
        {
            return resourceProblem;
        }

        if (RequestedClaims.TryParse(parameters[ParameterNames.Claims]) is not { } claims)
        {
            return OAuthError.InvalidRequest("claims is not a valid claims request.");
        }

        var subject = ReadSubject(parameters, client, claims);
        if (!subject.Succeeded)
        {
            return subject.Error;
        }

        // A claim is given by name only where some scope of the client stands for it: §5.5 is no way round registration and consent.
        claims = claims.Only(name => catalog.Current.ClaimsOf(client.Scope).Contains(name, StringComparer.Ordinal));
        return new AuthorizationRequest
        {
            Client = client,
            RedirectUri = target.RedirectUri,
            RedirectUriWasSent = target.RedirectUriWasSent,
            ResponseMode = ResponseModeOf(parameters),
            Scope = scope.Value,
            ConsentScope = scope.Value.Union(ScopesOf(claims, client, scope.Value)),
            Resources = [.. parameters.Resources.Distinct(StringComparer.Ordinal)],
            State = parameters[ParameterNames.State],
            Nonce = parameters[ParameterNames.Nonce],
            CodeChallenge = parameters[ParameterNames.CodeChallenge],
            Prompt = RequestFormRules.ReadPrompt(parameters),
            MaxAge = RequestFormRules.ReadMaxAge(parameters) ?? client.DefaultMaxAge,
            AcrValues = RequestFormRules.Words(parameters[ParameterNames.AcrValues]) ?? client.DefaultAcrValues,
            Claims = claims,
            RequiredSubject = subject.Value.Required,
        };
    }

    /// <summary>The mode asked for, or <c>query</c>, which is the default of <c>code</c> and safe for it, when it is missing or unknown.</summary>
    public static string ResponseModeOf(RequestParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters[ParameterNames.ResponseMode] is { } mode && ResponseModes.Supported.Contains(mode, StringComparer.Ordinal)
            ? mode
            : ResponseModes.Query;
    }

    private string DescribeUnknownClient(string? clientId)
    {
        if (clientId is null)
        {
            return "client_id is missing or was sent twice";
        }

        var nearest = NearestMatch.Find(clientId, catalog.Current.Clients.Select(client => client.ClientId));
        return $"client {clientId} is unknown or disabled" + (nearest is null ? string.Empty : $"; nearest is {nearest}");
    }

    private static string DescribeUnknownRedirectUri(Client client, string sent)
    {
        var nearest = NearestMatch.Find(sent, client.RedirectUris);
        return $"client {client.ClientId} sent redirect_uri {sent}; registered are {string.Join(' ', client.RedirectUris)}"
            + (nearest is null ? string.Empty : $"; nearest is {nearest}");
    }

    /// <summary>Of the claims that <paramref name="scope"/> does not stand for, one scope of the client each that does.</summary>
    private ScopeSet ScopesOf(RequestedClaims claims, Client client, ScopeSet scope) =>
        ScopeSet.Of(claims.UserInfo.Concat(claims.IdToken)
            .Except(catalog.Current.ClaimsOf(scope), StringComparer.Ordinal)
            .Select(name => client.Scope.First(token => catalog.Current.FindScope(token)?.Claims.Contains(name, StringComparer.Ordinal) == true)));

    /// <summary>Who must be signed in: of <c>id_token_hint</c>, or asked by value in <c>claims</c>.</summary>
    private Result<RequiredSubject> ReadSubject(RequestParameters parameters, Client client, RequestedClaims claims)
    {
        if (parameters[ParameterNames.IdTokenHint] is not { } token)
        {
            return new RequiredSubject(claims.Subject);
        }

        if (hints.Read(token) is not { } hint || !hint.Audiences.Contains(client.ClientId, StringComparer.Ordinal))
        {
            return OAuthError.InvalidRequest("id_token_hint is not an ID token of this client.");
        }

        return claims.Subject is { } asked && !string.Equals(asked, hint.Subject, StringComparison.Ordinal)
            ? OAuthError.InvalidRequest("id_token_hint and claims ask for different users.")
            : new RequiredSubject(hint.Subject);
    }

    private sealed record RequiredSubject(string? Required);
}

/// <summary>A known client and a redirect URI that is registered for it.</summary>
public sealed record ResponseTarget(Client Client, string RedirectUri, bool RedirectUriWasSent);
