using System.Globalization;
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
public sealed class AuthorizationRequestReader(ICatalogStore catalog, IdTokenHintReader hints)
{
    /// <summary>
    /// Sum of names and values in characters. A request travels sealed in the address of our pages, and an address ends at 8 kB;
    /// what is longer is refused whole, never cut.
    /// </summary>
    public const int MaxLength = 5000;

    private const int MaxNonceLength = 1024;

    private static readonly string[] ValidDisplays = ["page", "popup", "touch", "wap"];

    /// <summary>The client and the verified redirect URI; every error here is for our own page.</summary>
    public Result<ResponseTarget> ReadTarget(RequestParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Pairs.Sum(pair => pair.Key.Length + pair.Value.Length) > MaxLength)
        {
            return OAuthError.InvalidRequest("The request is too large.", $"more than {MaxLength} characters of parameters");
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
        var isDoubled = string.Equals(parameters.Duplicate, ParameterNames.RedirectUri, StringComparison.Ordinal);
        return client.RedirectUris.Count == 1 && !isOpenId && !isDoubled
            ? new ResponseTarget(client, client.RedirectUris[0], RedirectUriWasSent: false)
            : OAuthError.InvalidRequest("The redirect URI is missing.", $"client {clientId} sent no redirect_uri, or two");
    }

    /// <summary>The rest; every error here goes to the client.</summary>
    public Result<AuthorizationRequest> Read(RequestParameters parameters, ResponseTarget target)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(target);
        if ((CheckForm(parameters, target.Client) ?? CheckPlainValues(parameters)) is { } error)
        {
            return error;
        }

        var scope = ReadScope(parameters, target.Client);
        if (!scope.Succeeded)
        {
            return scope.Error;
        }

        var prompt = ReadPrompt(parameters);
        if (!prompt.Succeeded)
        {
            return prompt.Error;
        }

        if (CheckPkce(parameters, target.Client, scope.Value) is { } pkceError)
        {
            return pkceError;
        }

        if (ResourceRules.FindProblem(catalog.Current, target.Client, parameters.Resources) is { } resourceError)
        {
            return resourceError;
        }

        if (RequestedClaims.TryParse(parameters[ParameterNames.Claims]) is not { } claims)
        {
            return OAuthError.InvalidRequest("claims is not a valid claims request.");
        }

        var hint = ReadHint(parameters, target.Client, claims);
        if (!hint.Succeeded)
        {
            return hint.Error;
        }

        return new AuthorizationRequest
        {
            Client = target.Client,
            RedirectUri = target.RedirectUri,
            RedirectUriWasSent = target.RedirectUriWasSent,
            ResponseMode = ResponseModeOf(parameters),
            Scope = scope.Value,
            Resources = [.. parameters.Resources.Distinct(StringComparer.Ordinal)],
            State = parameters[ParameterNames.State],
            Nonce = parameters[ParameterNames.Nonce],
            CodeChallenge = parameters[ParameterNames.CodeChallenge],
            Prompt = prompt.Value,
            MaxAge = ReadMaxAge(parameters) ?? target.Client.DefaultMaxAge,
            AcrValues = AcrValuesOf(parameters, target.Client),
            Claims = claims,
            RequiredSubject = hint.Value.Subject,
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

    private static OAuthError? CheckForm(RequestParameters parameters, Client client)
    {
        if (parameters.Duplicate is { } doubled)
        {
            return OAuthError.InvalidRequest("A parameter was sent more than once.", "doubled " + doubled);
        }

        if (parameters.Has(ParameterNames.Request))
        {
            return new OAuthError(ErrorCodes.RequestNotSupported, "Request objects are not supported.", "request sent");
        }

        if (parameters.Has(ParameterNames.RequestUri))
        {
            return new OAuthError(ErrorCodes.RequestUriNotSupported, "request_uri is not supported.", "request_uri sent");
        }

        if (parameters.Has(ParameterNames.Registration))
        {
            return new OAuthError(ErrorCodes.RegistrationNotSupported, "The registration parameter is not supported.", "registration sent");
        }

        if (parameters[ParameterNames.ResponseType] is not { } responseType)
        {
            return OAuthError.InvalidRequest("response_type is missing.");
        }

        if (!string.Equals(responseType, "code", StringComparison.Ordinal))
        {
            return new OAuthError(
                ErrorCodes.UnsupportedResponseType, "The only supported response type is code.", "response_type " + responseType);
        }

        return client.Allows(GrantTypeNames.AuthorizationCode) && client.ResponseTypes.Contains("code", StringComparer.Ordinal)
            ? null
            : OAuthError.UnauthorizedClient($"client {client.ClientId} is not registered for authorization_code with response type code");
    }

    private static OAuthError? CheckPlainValues(RequestParameters parameters)
    {
        if (parameters[ParameterNames.ResponseMode] is { } mode && !ResponseModes.Supported.Contains(mode, StringComparer.Ordinal))
        {
            return OAuthError.InvalidRequest("response_mode is not supported.", "response_mode " + mode);
        }

        if (parameters[ParameterNames.Display] is { } display && !ValidDisplays.Contains(display, StringComparer.Ordinal))
        {
            return OAuthError.InvalidRequest("display is not a known value.", "display " + display);
        }

        if (parameters[ParameterNames.MaxAge] is not null && ReadMaxAge(parameters) is null)
        {
            return OAuthError.InvalidRequest("max_age must be a number of seconds, 0 or more.");
        }

        return parameters[ParameterNames.Nonce] is { Length: > MaxNonceLength }
            ? OAuthError.InvalidRequest("nonce is too long.")
            : null;
    }

    private Result<ScopeSet> ReadScope(RequestParameters parameters, Client client)
    {
        if (ScopeSet.TryParse(parameters[ParameterNames.Scope]) is not { } requested)
        {
            return OAuthError.InvalidScope("malformed, or more than " + ScopeSet.MaxTokens);
        }

        if (requested.Count == 0)
        {
            return OAuthError.InvalidScope("no scope was requested");
        }

        // OIDC Core §3.1.2.1: scope values that are not understood should be ignored. Plain OAuth refuses them (RFC 6749 §4.1.2.1).
        var known = requested.Where(token => catalog.Current.FindScope(token) is not null);
        if (known.Count < requested.Count && !requested.Contains(ScopeNames.OpenId))
        {
            return OAuthError.InvalidScope("unknown: " + requested.Where(token => !known.Contains(token)));
        }

        if (!known.IsSubsetOf(client.Scope))
        {
            return OAuthError.InvalidScope($"client {client.ClientId} may not ask for {known.Where(token => !client.Scope.Contains(token))}");
        }

        // OIDC Core §11: offline_access is ignored where no refresh token would come of it.
        return client.Allows(GrantTypeNames.RefreshToken)
            ? known
            : known.Where(token => !string.Equals(token, ScopeNames.OfflineAccess, StringComparison.Ordinal));
    }

    private static Result<IReadOnlyList<string>> ReadPrompt(RequestParameters parameters)
    {
        var values = parameters[ParameterNames.Prompt]?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (Array.Exists(values, value => !PromptValues.Supported.Contains(value, StringComparer.Ordinal)))
        {
            return OAuthError.InvalidRequest("prompt has an unknown value.", "prompt " + parameters[ParameterNames.Prompt]);
        }

        return values.Length > 1 && values.Contains(PromptValues.None, StringComparer.Ordinal)
            ? OAuthError.InvalidRequest("prompt=none allows no other value.")
            : Result.Of<IReadOnlyList<string>>(values);
    }

    /// <summary>RFC 7636 §4.3 with S256 only; RFC 9700 §2.1.1 on when a confidential OpenID client may do without.</summary>
    private static OAuthError? CheckPkce(RequestParameters parameters, Client client, ScopeSet scope)
    {
        if (parameters[ParameterNames.CodeChallenge] is { } challenge)
        {
            if (!string.Equals(parameters[ParameterNames.CodeChallengeMethod], Pkce.S256, StringComparison.Ordinal))
            {
                return OAuthError.InvalidRequest("code_challenge_method must be S256.");
            }

            return Pkce.IsChallenge(challenge) ? null : OAuthError.InvalidRequest("code_challenge is not an S256 challenge.");
        }

        if (parameters.Has(ParameterNames.CodeChallengeMethod))
        {
            return OAuthError.InvalidRequest("code_challenge is missing.");
        }

        var mayLeaveOut = client is { AllowRequestsWithoutPkce: true, IsPublic: false } && scope.Contains(ScopeNames.OpenId);
        return mayLeaveOut ? null : OAuthError.InvalidRequest("code_challenge is required (PKCE, S256).");
    }

    private static TimeSpan? ReadMaxAge(RequestParameters parameters) =>
        int.TryParse(parameters[ParameterNames.MaxAge], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static IReadOnlyList<string> AcrValuesOf(RequestParameters parameters, Client client) =>
        parameters[ParameterNames.AcrValues]?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? client.DefaultAcrValues;

    private Result<SubjectHint> ReadHint(RequestParameters parameters, Client client, RequestedClaims claims)
    {
        if (parameters[ParameterNames.IdTokenHint] is not { } token)
        {
            return new SubjectHint(claims.Subject);
        }

        if (hints.Read(token) is not { } hint || !hint.Audiences.Contains(client.ClientId, StringComparer.Ordinal))
        {
            return OAuthError.InvalidRequest("id_token_hint is not an ID token of this client.");
        }

        return claims.Subject is { } asked && !string.Equals(asked, hint.Subject, StringComparison.Ordinal)
            ? OAuthError.InvalidRequest("id_token_hint and claims ask for different users.")
            : new SubjectHint(hint.Subject);
    }

    private sealed record SubjectHint(string? Subject);
}

/// <summary>A known client and a redirect URI that is registered for it.</summary>
public sealed record ResponseTarget(Client Client, string RedirectUri, bool RedirectUriWasSent);
