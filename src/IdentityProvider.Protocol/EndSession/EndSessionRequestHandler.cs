using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.EndSession;

/// <summary>
/// The end-session endpoint's rules: RP-Initiated Logout §2 to §4. What did not validate is not used (§4): a doubtful hint leads to a
/// question and to no redirect, an unregistered address to no redirect.
/// </summary>
public sealed class EndSessionRequestHandler(
    IdTokenHintReader hints, ICatalogStore catalog, SubjectIdentifiers subjects, PendingSignOuts pendings, TimeProvider clock)
{
    /// <param name="parameters">As sent.</param>
    /// <param name="session">The browser's live session, or null.</param>
    /// <param name="cookieMayBeWithheld">Whether the request is a POST, to which a browser adds no cookie when another site sends it.</param>
    public EndSessionOutcome Handle(RequestParameters parameters, Session? session, bool cookieMayBeWithheld)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Duplicate is { } doubled)
        {
            return new EndSessionOutcome.Refuse(OAuthError.InvalidRequest("A parameter was sent more than once.", "doubled " + doubled));
        }

        // §2: the hint must be ours; an expired one still tells who is meant.
        var sentHint = parameters[ParameterNames.IdTokenHint];
        var hint = sentHint is null ? null : hints.Read(sentHint);
        var clientId = parameters[ParameterNames.ClientId];

        // §2: "When both client_id and id_token_hint are present, the OP MUST verify" that they agree.
        if (hint is not null && clientId is not null && !hint.Audiences.Contains(clientId, StringComparer.Ordinal))
        {
            return new EndSessionOutcome.Refuse(OAuthError.InvalidRequest(
                "client_id differs from the client of id_token_hint.", $"hint of {string.Join(' ', hint.Audiences)}, client_id {clientId}"));
        }

        // With a hint that is not ours, nothing in the request is believed.
        if (sentHint is not null && hint is null)
        {
            var problem = OAuthError.InvalidRequest("id_token_hint is not an ID token of this server.");
            return new EndSessionOutcome.Ask(new PendingSignOut { CreatedAt = clock.GetUtcNow() }, problem);
        }

        var client = FindClient(clientId ?? (hint?.Audiences is [var audience] ? audience : null));
        var redirect = ReadRedirect(parameters[ParameterNames.PostLogoutRedirectUri], client);
        var pending = new PendingSignOut
        {
            CreatedAt = clock.GetUtcNow(),
            ClientId = client?.ClientId,
            PostLogoutRedirectUri = redirect.Address,
            State = redirect.Address is null ? null : parameters[ParameterNames.State],
            HintSessionId = client is null ? null : hint?.SessionId,
        };
        if (redirect.Problem is not null || pending.HintSessionId is null)
        {
            return new EndSessionOutcome.Ask(pending, redirect.Problem);
        }

        return session is null && cookieMayBeWithheld ? new EndSessionOutcome.ComeBack(pending) : Continue(pending, session);
    }

    /// <summary>A request that came back from <see cref="EndSessionOutcome.ComeBack"/>, or one with a genuine hint.</summary>
    public EndSessionOutcome Continue(PendingSignOut pending, Session? session)
    {
        ArgumentNullException.ThrowIfNull(pending);

        // §2: the person MUST be asked when the ID token "does not belong to the current OP session". Without a session nothing is lost.
        return session is null || IsMeant(session, pending)
            ? new EndSessionOutcome.End(pendings.ReturnAddress(pending))
            : new EndSessionOutcome.Ask(pending, Problem: null);
    }

    /// <summary>Whether the hint, as its client reads it, speaks of this session.</summary>
    private bool IsMeant(Session session, PendingSignOut pending) =>
        FindClient(pending.ClientId) is { } client
        && string.Equals(subjects.SessionOf(client, session.Id), pending.HintSessionId, StringComparison.Ordinal);

    private Client? FindClient(string? clientId) => clientId is null ? null : catalog.Current.FindClient(clientId);

    /// <summary>§3: only an address that is registered for the client, compared as text.</summary>
    private static (string? Address, OAuthError? Problem) ReadRedirect(string? address, Client? client)
    {
        const string NotRegistered = "post_logout_redirect_uri is not registered for the client.";
        if (address is null)
        {
            return (null, null);
        }

        if (client is null)
        {
            return (null, OAuthError.InvalidRequest(NotRegistered, "post_logout_redirect_uri without a known client or hint: " + address));
        }

        if (client.PostLogoutRedirectUris.Contains(address, StringComparer.Ordinal))
        {
            return (address, null);
        }

        var nearest = NearestMatch.Find(address, client.PostLogoutRedirectUris);
        return (null, OAuthError.InvalidRequest(
            NotRegistered,
            $"client {client.ClientId}, received {address}, registered {string.Join(' ', client.PostLogoutRedirectUris)}, nearest {nearest ?? "none"}"));
    }
}
