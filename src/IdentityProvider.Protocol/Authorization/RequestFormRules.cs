using System.Globalization;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Token;

namespace IdentityProvider.Protocol.Authorization;

/// <summary>What an authorization request must look like, whatever scopes and resources there are: RFC 6749 §4.1.1, OIDC Core §3.1.2.1, RFC 7636 §4.3.</summary>
internal static class RequestFormRules
{
    private const int MaxNonceLength = 1024;

    private static readonly string[] ValidDisplays = ["page", "popup", "touch", "wap"];

    /// <summary>The first problem in the order of RFC 6749 §4.1.2.1, or null.</summary>
    public static OAuthError? FindProblem(RequestParameters parameters, Client client) =>
        FindFormProblem(parameters) ?? FindResponseTypeProblem(parameters, client) ?? FindValueProblem(parameters) ?? FindPkceProblem(parameters, client);

    /// <summary>Values of <c>prompt</c>, known ones only.</summary>
    public static string[] ReadPrompt(RequestParameters parameters) => Words(parameters[ParameterNames.Prompt]) ?? [];

    /// <summary>Null when it was not sent.</summary>
    public static TimeSpan? ReadMaxAge(RequestParameters parameters) =>
        int.TryParse(parameters[ParameterNames.MaxAge], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    /// <summary>A space-delimited list; null when it was not sent.</summary>
    public static string[]? Words(string? value) => value?.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static OAuthError? FindFormProblem(RequestParameters parameters)
    {
        if (parameters.Duplicate is { } doubled)
        {
            return OAuthError.InvalidRequest("A parameter was sent more than once.", "doubled " + doubled);
        }

        return parameters.Has(ParameterNames.Registration)
            ? new OAuthError(ErrorCodes.RegistrationNotSupported, "The registration parameter is not supported.", "registration sent")
            : null;
    }

    private static OAuthError? FindResponseTypeProblem(RequestParameters parameters, Client client)
    {
        if (parameters[ParameterNames.ResponseType] is not { } responseType)
        {
            return OAuthError.InvalidRequest("response_type is missing.");
        }

        if (!string.Equals(responseType, ParameterNames.Code, StringComparison.Ordinal))
        {
            return new OAuthError(
                ErrorCodes.UnsupportedResponseType, "The only supported response type is code.", "response_type " + responseType);
        }

        return client.Allows(GrantTypeNames.AuthorizationCode) && client.ResponseTypes.Contains(responseType, StringComparer.Ordinal)
            ? null
            : OAuthError.UnauthorizedClient($"client {client.ClientId} is not registered for authorization_code with response type code");
    }

    private static OAuthError? FindValueProblem(RequestParameters parameters)
    {
        if (parameters[ParameterNames.ResponseMode] is { } mode && !ResponseModes.Supported.Contains(mode, StringComparer.Ordinal))
        {
            return OAuthError.InvalidRequest("response_mode is not supported.", "response_mode " + mode);
        }

        if (parameters[ParameterNames.Display] is { } display && !ValidDisplays.Contains(display, StringComparer.Ordinal))
        {
            return OAuthError.InvalidRequest("display is not a known value.", "display " + display);
        }

        if (parameters.Has(ParameterNames.MaxAge) && ReadMaxAge(parameters) is null)
        {
            return OAuthError.InvalidRequest("max_age must be a number of seconds, 0 or more.");
        }

        var prompt = ReadPrompt(parameters);
        if (Array.Exists(prompt, value => !PromptValues.Supported.Contains(value, StringComparer.Ordinal)))
        {
            return OAuthError.InvalidRequest("prompt has an unknown value.", "prompt " + parameters[ParameterNames.Prompt]);
        }

        if (prompt.Length > 1 && prompt.Contains(PromptValues.None, StringComparer.Ordinal))
        {
            return OAuthError.InvalidRequest("prompt=none allows no other value.");
        }

        return parameters[ParameterNames.Nonce] is { Length: > MaxNonceLength }
            ? OAuthError.InvalidRequest("nonce is too long.")
            : null;
    }

    /// <summary>RFC 7636 §4.3 with S256 only; RFC 9700 §2.1.1 on when a confidential OpenID client may do without.</summary>
    private static OAuthError? FindPkceProblem(RequestParameters parameters, Client client)
    {
        if (parameters[ParameterNames.CodeChallenge] is { } challenge)
        {
            // Without a method it would mean plain (§4.3), which protects from nobody who can read the request.
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

        var isOpenId = ScopeSet.TryParse(parameters[ParameterNames.Scope])?.Contains(ScopeNames.OpenId) == true;
        return client is { AllowRequestsWithoutPkce: true, IsPublic: false } && isOpenId
            ? null
            : OAuthError.InvalidRequest("code_challenge is required (PKCE, S256).");
    }
}
