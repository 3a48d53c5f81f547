namespace IdentityProvider.Protocol.Sessions;

/// <summary>Sessions. Each verb is one durable transaction.</summary>
public interface ISessionStore
{
    /// <summary>
    /// Adds the session of a sign-in. False, and nothing is written, when the account has got another password or factor since it was read, or is
    /// disabled or gone: a sign-in that was under way must not outlive the change that ended all sessions. One statement.
    /// </summary>
    /// <param name="session">The session to be.</param>
    /// <param name="securityStamp">The account's, as read before anything was proved.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    Task<bool> TryBeginAsync(Session session, string securityStamp, CancellationToken cancellationToken);

    /// <summary>The session, with whether its account is enabled. Ended and expired ones are returned too; the caller asks <see cref="Session.IsLive"/>. One read.</summary>
    Task<SessionState?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces a live session after a new proof by the same person: handle, time, <c>acr</c>, <c>amr</c>, methods and ends are taken from
    /// <paramref name="session"/>. False when it was ended meanwhile.
    /// </summary>
    Task<bool> TryReauthenticateAsync(Session session, CancellationToken cancellationToken);

    /// <summary>Slides the idle end of a live session.</summary>
    Task TouchAsync(Guid id, DateTimeOffset lastSeenAt, DateTimeOffset idleExpiresAt, CancellationToken cancellationToken);

    /// <summary>
    /// Ends a session and its grants with their status bits, and queues a logout notice for each of its clients that wants one, in one
    /// transaction. Grants with <c>offline_access</c> stay, except those of clients that chose otherwise
    /// (<see cref="Clients.Client.LogoutRevokesOfflineAccess"/>). Ending it again changes nothing.
    /// </summary>
    Task EndAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Ends all sessions of a subject and all its grants, <c>offline_access</c> included, and queues the logout notices, in one transaction.
    /// </summary>
    Task EndAllAsync(string subject, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Clients that got a grant in the session, whether it still stands or not: those the person may be signed in at
    /// (Back-Channel Logout §2.3).
    /// </summary>
    Task<IReadOnlyList<string>> ListClientsAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Live sessions of a subject, newest first.</summary>
    Task<IReadOnlyList<Session>> ListAsync(string subject, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>A session and whether its account may still sign in.</summary>
public sealed record SessionState(Session Session, bool SubjectIsActive);
