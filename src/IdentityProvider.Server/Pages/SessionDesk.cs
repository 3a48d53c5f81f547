using IdentityProvider.Accounts.Activity;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Server.Pages;

/// <summary>A person's sessions as they see and end them; those of others do not exist here.</summary>
internal sealed class SessionDesk(
    ISessionStore sessions, IAccountActivity activity, IAuditTrail audit, ClientNames clients, SessionTexts texts, TimeProvider clock)
{
    /// <summary>The person's live sessions, this one first. Two reads, however many there are.</summary>
    public async Task<IReadOnlyList<SessionLine>> ListAsync(Session present, CancellationToken cancellationToken)
    {
        var live = await sessions.ListAsync(present.Subject, clock.GetUtcNow(), cancellationToken);
        var used = (await activity.ListSessionClientsAsync(present.Subject, cancellationToken)).ToLookup(use => use.SessionId, use => use.ClientId);
        return
        [
            .. live.OrderByDescending(session => session.Id == present.Id)
                .Select(session => texts.LineOf(session, [.. used[session.Id].Select(clients.Of)], session.Id == present.Id)),
        ];
    }

    /// <summary>Ends a session of the same person. False when it is not one of theirs, or no longer alive.</summary>
    public async Task<bool> TryEndAsync(Session present, string? sid, string? remoteAddress, CancellationToken cancellationToken)
    {
        var live = await sessions.ListAsync(present.Subject, clock.GetUtcNow(), cancellationToken);
        if (live.FirstOrDefault(session => string.Equals(session.Sid, sid, StringComparison.Ordinal)) is not { } session)
        {
            return false;
        }

        await EndAsync(session, remoteAddress, cancellationToken);
        return true;
    }

    public async Task EndOthersAsync(Session present, string? remoteAddress, CancellationToken cancellationToken)
    {
        var live = await sessions.ListAsync(present.Subject, clock.GetUtcNow(), cancellationToken);
        foreach (var session in live.Where(session => session.Id != present.Id))
        {
            await EndAsync(session, remoteAddress, cancellationToken);
        }
    }

    private async Task EndAsync(Session session, string? remoteAddress, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await sessions.EndAsync(session.Id, now, cancellationToken);
        var entry = new AuditEvent
        {
            Type = AuditEventTypes.SignedOut,
            At = now,
            Subject = session.Subject,
            SessionId = session.Id,
            RemoteAddress = remoteAddress,
            Detail = "from another browser",
        };
        await audit.AppendAsync(entry, cancellationToken);
    }
}
