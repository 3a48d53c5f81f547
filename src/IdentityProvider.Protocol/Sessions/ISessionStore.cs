namespace IdentityProvider.Protocol.Sessions;

/// <summary>Sessions. Each verb is one durable transaction.</summary>
public interface ISessionStore
{
    Task AddAsync(Session session, CancellationToken cancellationToken);

    /// <summary>The session, with whether its account is enabled. Ended and expired ones are returned too; the caller asks <see cref="Session.IsLive"/>. One read.</summary>
    Task<SessionState?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces a live session after a new proof by the same person: handle, time, <c>acr</c>, <c>amr</c> and ends are taken from
    /// <paramref name="session"/>. False when it was ended meanwhile.
    /// </summary>
    Task<bool> TryReauthenticateAsync(Session session, CancellationToken cancellationToken);

    /// <summary>Slides the idle end of a live session.</summary>
    Task TouchAsync(Guid id, DateTimeOffset lastSeenAt, DateTimeOffset idleExpiresAt, CancellationToken cancellationToken);

    /// <summary>Ends a session, its grants without <c>offline_access</c> and their status bits, in one transaction.</summary>
    Task EndAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Ends all sessions of a subject and all its grants, <c>offline_access</c> included, in one transaction.</summary>
    Task EndAllAsync(string subject, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Live sessions of a subject, newest first.</summary>
    Task<IReadOnlyList<Session>> ListAsync(string subject, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>A session and whether its account may still sign in.</summary>
public sealed record SessionState(Session Session, bool SubjectIsActive);
