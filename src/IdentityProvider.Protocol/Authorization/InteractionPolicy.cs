using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Subjects;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Authorization;

/// <summary>
/// The only place that decides what a person has to do before the client gets its answer: OIDC Core §3.1.2.3 (sign-in) and §3.1.2.4
/// (consent). Pages never decide and never send to one another.
/// </summary>
public sealed class InteractionPolicy(
    ICatalogStore catalog, SubjectIdentifiers subjects, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    /// <summary>The next page, an error that no page can mend, or nothing left to do.</summary>
    public NextStep Next(AuthorizationRequest request, Session? session, Consent? consent, PendingAuthorization? pending)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (pending?.Denied == true)
        {
            return new NextStep.Fail(new OAuthError(ErrorCodes.AccessDenied, "The request was denied.", "the person refused"));
        }

        var signedInHere = IsSignedInHere(session, pending);
        if (request.Prompts(PromptValues.Create) && !signedInHere && pending?.RegistrationAnswered != true)
        {
            return new NextStep.Show(EndpointPaths.Register, ErrorCodes.InteractionRequired);
        }

        if (session is null || NeedsWholeSignIn(request, session, pending))
        {
            return new NextStep.Show(EndpointPaths.SignIn, ErrorCodes.LoginRequired);
        }

        if (IsAnotherPerson(request, session))
        {
            // Another person than the one asked for. Once they have signed in here and it is still another, a page would ask for ever.
            return signedInHere
                ? new NextStep.Fail(new OAuthError(
                    ErrorCodes.LoginRequired, "The user the request asks for is not signed in.", "another person signed in than the hint names"))
                : new NextStep.Show(EndpointPaths.SignIn, ErrorCodes.LoginRequired);
        }

        if (request.Prompts(PromptValues.SelectAccount) && !signedInHere && pending?.AccountSelected != true)
        {
            return new NextStep.Show(EndpointPaths.SelectAccount, ErrorCodes.AccountSelectionRequired);
        }

        return FindLevelStep(request, session, pending) ?? FindConsentStep(request, session, consent, pending);
    }

    /// <summary>
    /// Whether nothing but the level of the session is missing: then a person who is signed in need only prove the rest. Not where the session
    /// is too old, of another method or person than asked for, or its person may want another account.
    /// </summary>
    public bool MissesLevelOnly(AuthorizationRequest request, Session session, PendingAuthorization pending)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(pending);
        return !NeedsWholeSignIn(request, session, pending)
            && !pending.AccountSelected
            && !IsAnotherPerson(request, session)
            && !DemandOf(request).IsFulfilledBy(session.Acr);
    }

    /// <summary>The level that the request asks for, as far as the server can give it.</summary>
    public AcrDemand DemandOf(AuthorizationRequest request) => AcrDemand.Of(request, options.Value.SignIn.HighestLevel());

    /// <summary>The session does not count, however high its level is: too old, or begun by a method that the client does not take.</summary>
    private bool NeedsWholeSignIn(AuthorizationRequest request, Session session, PendingAuthorization? pending) =>
        (NeedsFreshSignIn(request, session) && !IsSignedInHere(session, pending))
        || (request.Client.SignInMethods is { } methods && !session.Methods.Any(method => methods.Contains(method, StringComparer.Ordinal)));

    private bool IsAnotherPerson(AuthorizationRequest request, Session session) =>
        request.RequiredSubject is { } required
        && !string.Equals(required, subjects.Of(request.Client, session.Subject), StringComparison.Ordinal);

    /// <summary>Signed in during this very flow: what prompt=login, prompt=create, select_account and max_age ask for is done.</summary>
    private static bool IsSignedInHere(Session? session, PendingAuthorization? pending) =>
        session is not null && pending?.SignedInSession == session.Id;

    /// <summary>What to do about the level of the session; null when it will do.</summary>
    private NextStep? FindLevelStep(AuthorizationRequest request, Session session, PendingAuthorization? pending)
    {
        var demand = DemandOf(request);
        if (demand.IsFulfilledBy(session.Acr))
        {
            return null;
        }

        var isEnough = demand.IsMetBy(session.Acr);
        if (pending?.LevelDeclined != true && demand.Required <= options.Value.SignIn.HighestLevel())
        {
            // What is only wished is not worth an error.
            return isEnough && request.Prompts(PromptValues.None) ? null : new NextStep.Show(EndpointPaths.SignIn, ErrorCodes.LoginRequired);
        }

        return isEnough
            ? null
            : new NextStep.Fail(new OAuthError(
                ErrorCodes.UnmetAuthenticationRequirements,
                "The requested authentication level is not available.",
                $"required level {demand.Required}, session has acr {session.Acr ?? "none"}"));
    }

    private NextStep FindConsentStep(AuthorizationRequest request, Session session, Consent? consent, PendingAuthorization? pending)
    {
        if (FindAllowed(request, session, consent, pending) is not { } allowed)
        {
            return new NextStep.Show(EndpointPaths.Consent, ErrorCodes.ConsentRequired);
        }

        var scope = request.Scope.Where(allowed.Contains);
        return scope.Count > 0
            ? new NextStep.Proceed(
                scope,
                request.ConsentScope.Where(allowed.Contains),
                request.Claims.Only(name => catalog.Current.ClaimsOf(allowed).Contains(name, StringComparer.Ordinal)))
            : new NextStep.Fail(new OAuthError(ErrorCodes.AccessDenied, "The request was denied.", "the person allowed nothing of it"));
    }

    /// <summary>auth_time is told in whole seconds, so a session exactly max_age old still counts; 0 always asks (OIDC Core §3.1.2.1).</summary>
    private bool NeedsFreshSignIn(AuthorizationRequest request, Session session) =>
        request.Prompts(PromptValues.Login)
        || (request.MaxAge is { } maxAge && (maxAge == TimeSpan.Zero || clock.GetUtcNow() - session.AuthTime > maxAge));

    /// <summary>What the person decided in this flow, or allowed before, or is not asked; null when they have to be asked.</summary>
    private static ScopeSet? FindAllowed(AuthorizationRequest request, Session session, Consent? consent, PendingAuthorization? pending)
    {
        if (DecisionOf(session, pending) is { } decision)
        {
            return decision.Scope;
        }

        if (request.Prompts(PromptValues.Consent))
        {
            return null;
        }

        if (!request.Client.RequireConsent)
        {
            return request.ConsentScope;
        }

        return consent is not null && IsClientAssured(request) && request.ConsentScope.IsSubsetOf(consent.Scope) ? consent.Scope : null;
    }

    /// <summary>
    /// RFC 8252 §8.6: a public client is known by its https redirect alone. Whoever listens on a loopback port or claims a private-use
    /// scheme can be anybody, and what was allowed to that client id before was perhaps allowed to another program. One that registered
    /// itself has a secret, if any, that it shares with whoever copied it (RFC 8252 §8.5).
    /// </summary>
    private static bool IsClientAssured(AuthorizationRequest request) =>
        request.Client is { IsPublic: false, IsSelfRegistered: false } || request.RedirectUri.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>What was decided in another session does not count in this one.</summary>
    private static ConsentDecision? DecisionOf(Session session, PendingAuthorization? pending) =>
        pending?.Consent is { } decision && decision.SessionId == session.Id ? decision : null;
}

/// <summary>What comes next.</summary>
public abstract record NextStep
{
    private NextStep()
    {
    }

    /// <param name="Page">Path of the page.</param>
    /// <param name="ErrorWhenSilent">Error code for <c>prompt=none</c> (OIDC Core §3.1.2.6).</param>
    public sealed record Show(string Page, string ErrorWhenSilent) : NextStep;

    public sealed record Fail(OAuthError Error) : NextStep;

    /// <param name="Scope">What is granted; never empty.</param>
    /// <param name="ConsentScope">That, and the scopes of the claims that were asked for by name.</param>
    /// <param name="Claims">Claims asked by name that the person's consent covers.</param>
    public sealed record Proceed(ScopeSet Scope, ScopeSet ConsentScope, RequestedClaims Claims) : NextStep;
}
