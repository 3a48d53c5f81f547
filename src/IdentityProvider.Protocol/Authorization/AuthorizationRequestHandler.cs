using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Token;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Authorization;

/// <summary>
/// The authorization endpoint's rules: RFC 6749 §4.1.1 and §4.1.2, OIDC Core §3.1.2, RFC 9207 §2. The same way for a request that just
/// came and for one that returns from our pages: what was allowed when it began is checked again when it ends.
/// </summary>
public sealed class AuthorizationRequestHandler(
    AuthorizationRequestReader reader,
    InteractionPolicy policy,
    IConsentStore consents,
    AuthorizationCodes codes,
    TimeProvider clock,
    IOptions<ProtocolOptions> options)
{
    /// <param name="parameters">As sent, or as kept in <paramref name="pending"/>: a request object is read once, when it comes.</param>
    /// <param name="session">The browser's live session, or null.</param>
    /// <param name="pending">The request that returns from our pages, its browser verified; null for a new one.</param>
    /// <param name="cancellationToken">Cancels the read of the consent and a fetch of <c>request_uri</c>.</param>
    public async Task<AuthorizationOutcome> HandleAsync(
        RequestParameters parameters, Session? session, PendingAuthorization? pending, CancellationToken cancellationToken)
    {
        if (pending is null)
        {
            var counting = await reader.ReadParametersAsync(parameters, cancellationToken);
            if (!counting.Succeeded)
            {
                return FailWithObject(parameters, counting.Error);
            }

            parameters = counting.Value;
        }

        var target = await reader.ReadTargetAsync(parameters, cancellationToken);
        if (!target.Succeeded)
        {
            return new AuthorizationOutcome.Refuse(target.Error);
        }

        var read = reader.Read(parameters, target.Value);
        if (!read.Succeeded)
        {
            return Fail(parameters, target.Value, read.Error, pending);
        }

        var request = read.Value;
        var consent = session is not null && request.Client.RequireConsent
            ? await consents.FindAsync(session.Subject, request.Client.ClientId, cancellationToken)
            : null;
        return policy.Next(request, session, consent, pending) switch
        {
            NextStep.Fail fail => Fail(parameters, target.Value, fail.Error, pending),
            NextStep.Show show when request.Prompts(PromptValues.None) =>
                Fail(parameters, target.Value, new OAuthError(
                    show.ErrorWhenSilent, "The user has to interact, and prompt=none forbids it.", "prompt=none needs " + show.Page), pending),
            NextStep.Show show => new AuthorizationOutcome.Interact(show.Page, pending ?? Begin(parameters)),
            NextStep.Proceed proceed => Succeed(request, session!, proceed, pending),
            _ => throw new InvalidOperationException("a next step without a branch"),
        };
    }

    /// <summary>
    /// Of a request whose object cannot be used nothing is believed but the address beside it, if that is registered (RFC 9101 §7).
    /// </summary>
    private AuthorizationOutcome FailWithObject(RequestParameters sent, OAuthError error)
    {
        var target = reader.ReadTarget(sent);
        return target.Succeeded ? Fail(sent, target.Value, error, pending: null) : new AuthorizationOutcome.Refuse(error);
    }

    private PendingAuthorization Begin(RequestParameters parameters)
    {
        var now = clock.GetUtcNow();
        return new PendingAuthorization
        {
            Id = Guid.CreateVersion7(now),
            CreatedAt = now,
            BrowserBinding = string.Empty,
            Parameters = [.. parameters.Pairs],
        };
    }

    private AuthorizationOutcome.Respond Succeed(
        AuthorizationRequest request, Session session, NextStep.Proceed allowed, PendingAuthorization? pending)
    {
        var now = clock.GetUtcNow();
        var code = codes.Seal(new AuthorizationCode
        {
            Id = pending?.Id ?? Guid.CreateVersion7(now),
            IssuedAt = now,
            ClientId = request.Client.ClientId,
            Subject = session.Subject,
            SessionId = session.Id,
            RedirectUri = request.RedirectUriWasSent ? request.RedirectUri : null,
            CodeChallenge = request.CodeChallenge,
            Nonce = request.Nonce,
            Scope = allowed.Scope,
            Resources = request.Resources,
            AuthTime = session.AuthTime,
            Acr = AcrDemand.Answer(request, session.Acr),
            Amr = session.Amr,
            RequestedClaims = allowed.Claims.ToText(),
            ConsentScope = request.Client.RequireConsent ? allowed.ConsentScope : null,
        });
        var parameters = new List<KeyValuePair<string, string>> { new(ParameterNames.Code, code) };
        return Respond(parameters, request.RedirectUri, request.ResponseMode, request.State, error: null) with
        {
            SessionClientId = request.Scope.Contains(ScopeNames.OpenId) ? request.Client.ClientId : null,
        };
    }

    private AuthorizationOutcome Fail(RequestParameters parameters, ResponseTarget target, OAuthError error, PendingAuthorization? pending)
    {
        var response = new List<KeyValuePair<string, string>>
        {
            new(ParameterNames.Error, error.Code),
            new(ParameterNames.ErrorDescription, error.Description),
        };
        var respond = Respond(
            response, target.RedirectUri, AuthorizationRequestReader.ResponseModeOf(parameters), parameters[ParameterNames.State], error);

        // Who was on one of our pages saw the client there; prompt=none forbids every page (OIDC Core §3.1.2.1).
        return target.Client.IsSelfRegistered && pending is null && parameters[ParameterNames.Prompt] is not PromptValues.None
            ? new AuthorizationOutcome.Warn(respond, target.Client)
            : respond;
    }

    private AuthorizationOutcome.Respond Respond(
        List<KeyValuePair<string, string>> parameters, string redirectUri, string responseMode, string? state, OAuthError? error)
    {
        if (state is not null)
        {
            parameters.Add(new(ParameterNames.State, state));
        }

        // RFC 9207 §2: in every response, errors included.
        parameters.Add(new(ParameterNames.Iss, options.Value.Issuer));
        return new AuthorizationOutcome.Respond(redirectUri, responseMode, parameters, error);
    }
}
