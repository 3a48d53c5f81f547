using System.Security.Cryptography;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Sessions;

/// <summary>
/// The session of the browser that sent a request (architecture 4.4). The row is the truth; the cookie holds a sealed handle: the row's id
/// and a secret of which the row keeps only the hash.
/// </summary>
internal sealed class BrowserSession(
    ISessionStore sessions,
    ISealing sealing,
    BrowserState state,
    IAuditTrail audit,
    TimeProvider clock,
    IOptions<ProtocolOptions> options)
{
    private const int SecretBytes = 32;
    private const int HandleBytes = 16 + SecretBytes;

    private static readonly TimeSpan TouchInterval = TimeSpan.FromMinutes(1);
    private static readonly HostCookie Cookie = new("idp-session");

    /// <summary>
    /// The live session of this browser, or null: no cookie, a forged or old one, an ended or expired session, a disabled account. One read,
    /// once for each request, and at most once a minute a write that slides the idle end.
    /// </summary>
    public async Task<Session?> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (context.Features.Get<ReadSession>() is { } read)
        {
            return read.Session;
        }

        var session = await FindAsync(context, cancellationToken);
        if (session is null)
        {
            state.Clear(context);
        }

        context.Features.Set(new ReadSession(session));
        return session;
    }

    /// <summary>
    /// <c>session_state</c> of a response to a client (Session Management §2); null when its redirect URI has no origin that could ask later.
    /// </summary>
    public string? NewSessionState(HttpContext context, Session session, string clientId, string redirectUri) =>
        CheckSession.OriginOf(redirectUri) is { } origin
            ? CheckSession.NewSessionState(clientId, origin, state.Get(context, session))
            : null;

    /// <summary>
    /// For <see cref="SignIn.SignInDesk"/> alone, which knows that nothing is missing. Signs the person in and sets a new cookie; the old one is dead. A live session of the same person is kept, so that its <c>sid</c> and
    /// what other clients hang on it stay; a session of another person is ended.
    /// </summary>
    /// <returns>Null when the account was changed or disabled since it was proved: then nobody is signed in.</returns>
    public async Task<Session?> TrySignInAsync(
        HttpContext context,
        string subject,
        SessionEvidence evidence,
        bool persistent,
        CancellationToken cancellationToken)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        var session = NewSession(context, subject, evidence, persistent, SHA256.HashData(secret));
        var current = await ReadAsync(context, cancellationToken);
        if (current is not null && !string.Equals(current.Subject, subject, StringComparison.Ordinal))
        {
            await EndAsync(context, current, "another person signed in", cancellationToken);
        }
        else if (current is not null)
        {
            var renewed = session with { Id = current.Id, CreatedAt = current.CreatedAt };
            if (await sessions.TryReauthenticateAsync(renewed, cancellationToken))
            {
                state.Get(context, renewed);
                return await BeganAsync(context, renewed, secret, cancellationToken);
            }
        }

        if (!await sessions.TryBeginAsync(session, evidence.SecurityStamp, cancellationToken))
        {
            return null;
        }

        state.Change(context, session);
        return await BeganAsync(context, session, secret, cancellationToken);
    }

    /// <summary>
    /// Whether a session that this request has read stands still: one more read. For who changes an account that was read in between, so that
    /// what has ended the session since has changed the account as they know it.
    /// </summary>
    public async Task<bool> StandsAsync(Session session, CancellationToken cancellationToken) =>
        await sessions.FindAsync(session.Id, cancellationToken) is { SubjectIsActive: true } found && found.Session.IsLive(clock.GetUtcNow());

    /// <summary>Ends this browser's session and deletes its cookie. Without a session only the cookie goes.</summary>
    /// <returns>The session that ended, or null when there was none.</returns>
    public async Task<Session?> SignOutAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var session = await ReadAsync(context, cancellationToken);
        if (session is not null)
        {
            await EndAsync(context, session, detail: null, cancellationToken);
        }

        Forget(context);
        return session;
    }

    /// <summary>Deletes the cookie of a session that has ended together with its account, and writes nothing about it anywhere.</summary>
    public void Forget(HttpContext context)
    {
        Cookie.Delete(context, IsSecure(context));
        state.Clear(context);
        context.Features.Set(new ReadSession(Session: null));
    }

    private async Task<Session?> FindAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (Cookie.Read(context, IsSecure(context)) is not { } value
            || sealing.Open(SealPurpose.SessionCookie, value) is not { Length: HandleBytes } handle)
        {
            return null;
        }

        var id = new Guid(handle.AsSpan(0, 16), bigEndian: true);
        var found = await sessions.FindAsync(id, cancellationToken);
        var now = clock.GetUtcNow();
        if (found is not { SubjectIsActive: true, Session: var session }
            || !session.IsLive(now)
            || !CryptographicOperations.FixedTimeEquals(SHA256.HashData(handle.AsSpan(16)), session.HandleHash.Span))
        {
            return null;
        }

        if (now - session.LastSeenAt < TouchInterval)
        {
            return session;
        }

        var idleEnd = Earlier(now + IdleLifetime(session.IsPersistent), session.AbsoluteExpiresAt);
        await sessions.TouchAsync(id, now, idleEnd, cancellationToken);
        return session with { LastSeenAt = now, IdleExpiresAt = idleEnd };
    }

    private Session NewSession(
        HttpContext context, string subject, SessionEvidence evidence, bool persistent, byte[] handleHash)
    {
        var now = clock.GetUtcNow();
        var lifetimes = options.Value.Sessions;
        var keep = persistent && lifetimes.AllowPersistent;
        var end = now + (keep ? lifetimes.PersistentAbsoluteLifetime : lifetimes.AbsoluteLifetime);
        return new Session
        {
            Id = Guid.CreateVersion7(now),
            HandleHash = handleHash,
            Subject = subject,
            AuthTime = evidence.AuthTime,
            Acr = evidence.Acr,
            Amr = evidence.Amr,
            Methods = evidence.Methods,
            CreatedAt = now,
            LastSeenAt = now,
            IdleExpiresAt = Earlier(now + IdleLifetime(keep), end),
            AbsoluteExpiresAt = end,
            IsPersistent = keep,
            UserAgent = Cut(context.Request.Headers.UserAgent.ToString(), 256),
            RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
        };
    }

    private async Task<Session> BeganAsync(HttpContext context, Session session, byte[] secret, CancellationToken cancellationToken)
    {
        await AppendAsync(context, AuditEventTypes.SignedIn, session, string.Join(' ', session.Amr), cancellationToken);
        var handle = new byte[HandleBytes];
        session.Id.TryWriteBytes(handle, bigEndian: true, out _);
        secret.CopyTo(handle.AsSpan(16));
        TimeSpan? lifetime = session.IsPersistent ? session.AbsoluteExpiresAt - session.LastSeenAt : null;
        Cookie.Write(context, IsSecure(context), sealing.Seal(SealPurpose.SessionCookie, handle), lifetime);
        context.Features.Set(new ReadSession(session));
        return session;
    }

    private async Task EndAsync(HttpContext context, Session session, string? detail, CancellationToken cancellationToken)
    {
        await sessions.EndAsync(session.Id, clock.GetUtcNow(), cancellationToken);
        await AppendAsync(context, AuditEventTypes.SignedOut, session, detail, cancellationToken);
    }

    private Task AppendAsync(HttpContext context, string type, Session session, string? detail, CancellationToken cancellationToken)
    {
        var entry = new AuditEvent
        {
            Type = type,
            At = clock.GetUtcNow(),
            Subject = session.Subject,
            SessionId = session.Id,
            RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
            Detail = detail,
        };
        return audit.AppendAsync(entry, cancellationToken);
    }

    private bool IsSecure(HttpContext context) => HostCookie.IsSecure(context, options.Value.Issuer);

    private TimeSpan IdleLifetime(bool persistent) =>
        persistent ? options.Value.Sessions.PersistentIdleLifetime : options.Value.Sessions.IdleLifetime;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static string? Cut(string value, int length) => value.Length switch
    {
        0 => null,
        var n when n > length => value[..length],
        _ => value,
    };

    private sealed record ReadSession(Session? Session);
}
