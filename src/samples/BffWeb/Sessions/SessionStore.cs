using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace BffWeb.Sessions;

/// <summary>
/// The sessions, with the tokens in them, in this process: the cookie holds only the key. With more than one process put them into a
/// database or a shared cache, encrypted.
/// </summary>
internal sealed class SessionStore(TimeProvider time) : ITicketStore
{
    private readonly ConcurrentDictionary<string, AuthenticationTicket> _sessions = new(StringComparer.Ordinal);

    public Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        RemoveWhere(session => session.Properties.ExpiresUtc <= time.GetUtcNow());
        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        _sessions[key] = ticket;
        return Task.FromResult(key);
    }

    /// <summary>Does not bring back a session that was ended meanwhile.</summary>
    public Task RenewAsync(string key, AuthenticationTicket ticket)
    {
        if (_sessions.TryGetValue(key, out var known))
        {
            _sessions.TryUpdate(key, ticket, known);
        }

        return Task.CompletedTask;
    }

    public Task<AuthenticationTicket?> RetrieveAsync(string key) => Task.FromResult(_sessions.GetValueOrDefault(key));

    public Task RemoveAsync(string key)
    {
        _sessions.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    /// <summary>Ends the sessions of a sign-in at the identity provider, or without <paramref name="sessionId"/> all of the person's.</summary>
    public void End(string? sessionId, string? subject) => RemoveWhere(session =>
        (sessionId is null || session.Principal.HasClaim("sid", sessionId)) && (subject is null || session.Principal.HasClaim("sub", subject)));

    private void RemoveWhere(Func<AuthenticationTicket, bool> isOver)
    {
        foreach (var (key, session) in _sessions)
        {
            if (isOver(session))
            {
                _sessions.TryRemove(key, out _);
            }
        }
    }
}
